#pragma once
#include <stdexcept>
#include <string>

namespace loam {

/** A failure the user can act on. `code` is one of the codes of contract/errors.ts. */
class Failure : public std::runtime_error {
 public:
  Failure(const char* code, const std::string& message) : std::runtime_error(message), code_(code) {}
  const char* code() const { return code_; }

 private:
  const char* code_;
};

}  // namespace loam
