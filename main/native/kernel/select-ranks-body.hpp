// The body of select-ranks.cpp, compiled once per instruction set. No standard containers here: an inline function of theirs
// compiled for a newer machine could be linked in for all.

/** How many are at most `limit`, for up to 32 768: the count fits in 16 bits, so it runs in lanes as narrow as the ranks. */
static std::uint32_t countUpTo(const std::uint16_t* ranks, std::size_t count, std::uint16_t limit) {
  std::uint16_t sum = 0;
  for (std::size_t i = 0; i < count; i++) sum = static_cast<std::uint16_t>(sum + (ranks[i] <= limit ? 1 : 0));
  return sum;
}

static void selectRanks(const std::uint16_t* ranks, std::size_t count, const std::uint32_t* wanted, std::size_t quantiles,
                        std::uint16_t* selected) {
  std::uint16_t low = 0xffff, high = 0;
  for (std::size_t i = 0; i < count; i++) {
    low = ranks[i] < low ? ranks[i] : low;
    high = ranks[i] > high ? ranks[i] : high;
  }
  std::uint32_t from = low;
  for (std::size_t k = 0; k < quantiles; k++) {
    // The answer lies in [from, to]; quantiles ascend, so the next one is no lower.
    std::uint32_t to = high;
    while (from < to) {
      const std::uint32_t middle = (from + to) / 2;
      std::uint32_t below = 0;
      for (std::size_t i = 0; i < count; i += 32768)
        below += countUpTo(ranks + i, count - i < 32768 ? count - i : 32768, static_cast<std::uint16_t>(middle));
      const bool isEnough = below >= wanted[k];
      to = isEnough ? middle : to;
      from = isEnough ? from : middle + 1;
    }
    selected[k] = static_cast<std::uint16_t>(from);
  }
}
