#include "instruction-set.hpp"

#include <cstdlib>
#include <cstring>
#include <string>

#include "failure.hpp"

namespace loam {

InstructionSet bestInstructionSet() {
#ifdef LOAM_X86_FORMS
  if (!__builtin_cpu_supports("avx2") || !__builtin_cpu_supports("bmi2")) return InstructionSet::sse2;
  const bool isWide = __builtin_cpu_supports("avx512bw") && __builtin_cpu_supports("avx512vl") &&
                      __builtin_cpu_supports("avx512dq");
  return isWide ? InstructionSet::avx512 : InstructionSet::avx2;
#elif defined(__x86_64__) || defined(_M_X64)
  return InstructionSet::sse2;
#else
  return InstructionSet::portable;
#endif
}

InstructionSet chosenInstructionSet() {
  const InstructionSet best = bestInstructionSet();
  const char* wanted = std::getenv("LOAM_ISA");
  if (wanted == nullptr || *wanted == 0) return best;
  std::string known;
  for (int set = 0; set <= static_cast<int>(best); set++) {
    if (std::strcmp(instructionSetNames[set], wanted) == 0) return static_cast<InstructionSet>(set);
    known += std::string(set > 0 ? ", " : "") + instructionSetNames[set];
  }
  throw Failure("bad_input", std::string("LOAM_ISA asks for \"") + wanted + "\"; this machine can run " + known +
                                 ". Name one of them, or none for the fastest.");
}

}  // namespace loam
