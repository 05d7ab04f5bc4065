#pragma once

// Other compilers than GCC need one file with flags of its own per instruction set; until then they take the plain forms.
#if defined(__x86_64__) && defined(__GNUC__) && !defined(__clang__)
#define LOAM_X86_FORMS 1
#endif

namespace loam {

/** In rising order: a machine that runs one runs those before. Every kernel gives the same bits with each of them. */
enum class InstructionSet { portable, sse2, avx2, avx512 };

constexpr const char* instructionSetNames[] = {"portable", "sse2", "avx2", "avx512"};

/** The best this machine and this build can run. */
InstructionSet bestInstructionSet();

/** The best one, or the one that the environment names in LOAM_ISA, to compare them.
 *  @throws Failure bad_input when LOAM_ISA names none that can run here */
InstructionSet chosenInstructionSet();

}  // namespace loam
