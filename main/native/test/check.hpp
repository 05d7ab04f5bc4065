#pragma once
#include <cstdio>
#include <string>
#include <vector>

#include "../kernel/failure.hpp"

/** As much of a test framework as these tests need. */
struct Test {
  const char* name;
  void (*run)();
};

inline std::vector<Test>& tests() {
  static std::vector<Test> all;
  return all;
}
inline int& failures() {
  static int count = 0;
  return count;
}

struct Registered {
  Registered(const char* name, void (*run)()) { tests().push_back({name, run}); }
};

#define TEST(id, name)                        \
  static void id();                           \
  static const Registered registered_##id(name, id); \
  static void id()

#define CHECK(condition)                                                             \
  do {                                                                               \
    if (!(condition)) {                                                              \
      failures()++;                                                                  \
      std::printf("%s:%d: not true: %s\n", __FILE__, __LINE__, #condition);          \
    }                                                                                \
  } while (false)

/** The code of the Failure that `call` throws; empty when it throws none. */
template <class Call>
std::string failureOf(Call&& call) {
  try {
    call();
    return "";
  } catch (const loam::Failure& failure) {
    return failure.code();
  }
}
