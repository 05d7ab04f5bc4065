#include "select-ranks.hpp"

#include <cstring>

#include "mask-walk.hpp"

#if (defined(__x86_64__) || defined(_M_X64)) && defined(__GNUC__) && !defined(__clang__)
#define LOAM_X86_FORMS 1
#endif

namespace loam {
namespace {

namespace portable {
#include "select-ranks-body.hpp"
}  // namespace portable

#ifdef LOAM_X86_FORMS
#pragma GCC push_options
#pragma GCC target("avx2,bmi,bmi2")
namespace avx2 {
#include "select-ranks-body.hpp"
}  // namespace avx2
#pragma GCC pop_options

#pragma GCC push_options
#pragma GCC target("avx512f,avx512bw,avx512vl,avx512dq,bmi,bmi2,prefer-vector-width=512")
namespace avx512 {
#include "select-ranks-body.hpp"
}  // namespace avx512
#pragma GCC pop_options
#endif

}  // namespace

std::size_t selectRanksForms(NamedSelectRanks (&forms)[3]) {
  std::size_t count = 0;
  forms[count++] = {"portable", portable::selectRanks};
#ifdef LOAM_X86_FORMS
  NamedAddTree known[4];
  for (std::size_t f = 0, n = addTreeForms(known); f < n; f++) {
    if (std::strcmp(known[f].name, "avx2") == 0) forms[count++] = {"avx2", avx2::selectRanks};
    if (std::strcmp(known[f].name, "avx512") == 0) forms[count++] = {"avx512", avx512::selectRanks};
  }
#endif
  return count;
}

SelectRanks selectRanksForThisMachine() {
  const AddTree walk = addTreeForThisMachine();
  NamedAddTree known[4];
  NamedSelectRanks forms[3];
  const std::size_t count = selectRanksForms(forms);
  for (std::size_t f = 0, n = addTreeForms(known); f < n; f++)
    for (std::size_t own = 0; own < count; own++)
      if (known[f].add == walk && std::strcmp(known[f].name, forms[own].name) == 0) return forms[own].select;
  return forms[0].select;
}

}  // namespace loam
