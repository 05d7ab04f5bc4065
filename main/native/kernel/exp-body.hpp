// Included where `Lane` is a number or a register of them and `Bits` are its bits, under the instruction set it is for.

/** e^x for x <= 0 to 1e-16 relative: x = k ln 2 + r, Taylor up to r^13. */
#if defined(__GNUC__)
__attribute__((always_inline))
#endif
inline Lane expOfNegative(Lane x) {
  x = x < Lane{} - 700 ? Lane{} - 700 : x;
  constexpr double shift = 6755399441055744.0;  // 1.5 · 2^52: its sum with k holds k in the low bits.
  const Lane shifted = x * 1.4426950408889634 + shift;
  const Lane k = shifted - shift;
  const Lane r = (x - k * 0.693147180369123816490) - k * 1.90821492927058770002e-10;
  Lane sum = Lane{} + 1.0 / 6227020800.0;
  sum = sum * r + 1.0 / 479001600.0;
  sum = sum * r + 1.0 / 39916800.0;
  sum = sum * r + 1.0 / 3628800.0;
  sum = sum * r + 1.0 / 362880.0;
  sum = sum * r + 1.0 / 40320.0;
  sum = sum * r + 1.0 / 5040.0;
  sum = sum * r + 1.0 / 720.0;
  sum = sum * r + 1.0 / 120.0;
  sum = sum * r + 1.0 / 24.0;
  sum = sum * r + 1.0 / 6.0;
  sum = sum * r + 0.5;
  sum = sum * r + 1.0;
  sum = sum * r + 1.0;
  Bits bits;
  std::memcpy(&bits, &shifted, sizeof bits);
  bits = (bits + 1023) << 52;
  Lane power;
  std::memcpy(&power, &bits, sizeof power);
  return sum * power;
}
