// The loops of nearest-row.cpp, compiled once per instruction set. No standard containers here: an inline function of theirs
// compiled for a newer machine could be linked in for all.

static bool anyBelow(const double* sums, double limit) {
  int count = 0;
  for (std::size_t i = 0; i < lanes; i++) count += sums[i] < limit ? 1 : 0;
  return count > 0;
}

/** Squared distance to each of sixteen rows, or false as soon as all are at least `limit`.
 *  @param rows axis by axis */
static bool toRows(const double* rows, const double* place, std::size_t axes, double limit, double* sums) {
  double own[lanes] = {};
  for (std::size_t a = 0; a < axes; a++) {
    const double at = place[a];
    const double* values = rows + a * lanes;
    for (std::size_t i = 0; i < lanes; i++) {
      const double difference = at - values[i];
      own[i] += difference * difference;
    }
    if (a % axesAtOnce == axesAtOnce - 1 && !anyBelow(own, limit)) return false;
  }
  for (std::size_t i = 0; i < lanes; i++) sums[i] = own[i];
  return true;
}

/** Squared distance to each of sixteen boxes, or false as soon as all are at least `limit`. Rounding is monotone and the sums run
 *  in the order of `toRows`, so it is never more than what `toRows` finds for a row inside the box.
 *  @param boxes axis by axis the lower, then the upper sides */
static bool toBoxes(const double* boxes, const double* place, std::size_t axes, double limit, double* sums) {
  double own[lanes] = {};
  for (std::size_t a = 0; a < axes; a++) {
    const double at = place[a];
    const double *low = boxes + 2 * a * lanes, *high = low + lanes;
    for (std::size_t i = 0; i < lanes; i++) {
      const double under = low[i] - at, over = at - high[i];
      const double out = under > over ? under : over;
      const double beyond = out > 0 ? out : 0;
      own[i] += beyond * beyond;
    }
    if (a % axesAtOnce == axesAtOnce - 1 && !anyBelow(own, limit)) return false;
  }
  for (std::size_t i = 0; i < lanes; i++) sums[i] = own[i];
  return true;
}
