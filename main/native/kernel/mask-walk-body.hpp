// The body of mask-walk.cpp, compiled once per instruction set. Needs compare64, storeLeaf, storeTwins and addLeaves of the same
// namespace. No standard containers here: an inline function of theirs compiled for a newer machine could be linked in for all.

/** HasDays: codes may lie elsewhere than at their block (see MaskTile); one more load at each compare. */
template <bool HasDays>
static void addTreeOf(const Node* tree, Span<const Node> nextTree, MaskTile& tile) {
  const std::uint16_t* codes = tile.codes.data();
  const std::size_t capacity = tile.capacity;
  float* leaves = tile.leaves.data();
  std::uint64_t* const workMasks = tile.workMasks.data();
  std::uint16_t* const workBlocks = tile.workBlocks.data();
  // Where the waiting lists end and the next one may begin.
  std::uint64_t* topMasks = tile.waitingMasks.data();
  std::uint16_t* topBlocks = tile.waitingBlocks.data();
  MaskTile::Frame* frame = tile.frames.data();

  // The list under way; it lies in the work list or on top of the waiting ones.
  const std::uint64_t* masks = workMasks;
  const std::uint16_t* blocks = workBlocks;
  std::size_t count = 0;
  for (std::size_t b = 0; b < tile.blocks; b++) {
    workMasks[count] = tile.valid[b];
    workBlocks[count] = static_cast<std::uint16_t>(b);
    count += tile.valid[b] != 0;
  }
  if (count == 0) return;
  const Node* ahead = nextTree.begin();
  const Node* const aheadEnd = nextTree.end();
  std::uint32_t node = 0;

  for (;;) {
    // The next tree comes from main memory while this one is walked (a tile meets about one node in seven).
    if (ahead < aheadEnd) {
      prefetch(ahead);
      prefetch(ahead + nodesPerLine);
      ahead += 2 * nodesPerLine;
    }
    const Node split = tree[node];
    const std::uint16_t* const own = codes + split.predictor * capacity;
    const std::uint16_t* const codeBlocks = tile.codeBlocks.data()[split.predictor];
    const auto codesOf = [&](std::size_t block) { return own + (HasDays ? codeBlocks[block] : block) * blockCells; };
    if (split.flags == Node::hasChildren) {
      // Each mask falls into a left and a right one. Left ones go to the work list, right ones on top of the waiting lists;
      // both at or before the place that is read, if they go to the same list, so nothing is ever moved.
      std::size_t leftCount = 0, rightCount = 0;
      const auto limit = broadcast(split.cut);
      for (std::size_t i = 0; i < count; i++) {
        const std::size_t block = blocks[i];
        const std::uint64_t mask = masks[i];
        const std::uint64_t isLeft = compare64(codesOf(block), limit);
        const std::uint64_t left = mask & isLeft, right = mask & ~isLeft;
        workMasks[leftCount] = left;
        workBlocks[leftCount] = static_cast<std::uint16_t>(block);
        leftCount += left != 0;
        topMasks[rightCount] = right;
        topBlocks[rightCount] = static_cast<std::uint16_t>(block);
        rightCount += right != 0;
      }
      if (leftCount == 0) {
        masks = topMasks;
        blocks = topBlocks;
        node = split.payload;
        continue;
      }
      if (rightCount > 0) {
        *frame++ = {split.payload, static_cast<std::uint32_t>(rightCount)};
        topMasks += rightCount;
        topBlocks += rightCount;
      }
      masks = workMasks;
      blocks = workBlocks;
      count = leftCount;
      node++;
      continue;
    }
    if (split.isLeaf()) {
      const auto value = broadcast(split.value());
      for (std::size_t i = 0; i < count; i++) storeLeaf(leaves + blocks[i] * blockCells, masks[i], value);
    } else {
      const auto limit = broadcast(split.cut);
      const auto left = broadcast(tree[node + 1].value()), right = broadcast(tree[node + 2].value());
      for (std::size_t i = 0; i < count; i++)
        storeTwins(leaves + blocks[i] * blockCells, masks[i], compare64(codesOf(blocks[i]), limit), left, right);
    }
    if (frame == tile.frames.data()) break;
    --frame;
    node = frame->node;
    count = frame->count;
    topMasks -= count;
    topBlocks -= count;
    masks = topMasks;
    blocks = topBlocks;
  }
  addLeaves(tile.sums.data(), leaves, tile.blocks * blockCells);
}

static void addTree(const Node* tree, Span<const Node> nextTree, MaskTile& tile) {
  if (tile.days > 1) addTreeOf<true>(tree, nextTree, tile);
  else addTreeOf<false>(tree, nextTree, tile);
}
