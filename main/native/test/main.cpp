#include <exception>

#include "check.hpp"

int main() {
  for (const Test& test : tests()) {
    const int before = failures();
    try {
      test.run();
    } catch (const std::exception& error) {
      failures()++;
      std::printf("%s: threw: %s\n", test.name, error.what());
    }
    if (failures() > before) std::printf("FAILED %s\n", test.name);
  }
  std::printf("%zu kernel tests, %d failed checks\n", tests().size(), failures());
  return failures() == 0 ? 0 : 1;
}
