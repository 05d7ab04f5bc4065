// The body of mask-walk.cpp, compiled once per instruction set. Needs compare64, addLeaf and addTwins of the same namespace.
// No standard containers here: an inline function of theirs compiled for a newer machine could be linked in for all.

static void addTree(const Node* tree, Span<const Node> nextTree, MaskTile& tile) {
  const std::uint16_t* codes = tile.codes.data();
  double* sums = tile.sums.data();
  std::uint64_t* masks = tile.masks.data();
  std::uint16_t* blocks = tile.blockOf.data();
  std::uint64_t* leftMasks = tile.leftMasks.data();
  std::uint16_t* leftBlocks = tile.leftBlocks.data();
  MaskTile::Frame* frames = tile.frames.data();

  std::uint32_t frameCount = 0, node = 0, begin = 0, count = 0;
  for (std::size_t b = 0; b < tile.blocks; b++) {
    masks[count] = tile.valid[b];
    blocks[count] = static_cast<std::uint16_t>(b);
    count += tile.valid[b] != 0;
  }
  if (count == 0) return;
  const Node* ahead = nextTree.begin();

  for (;;) {
    // The next tree comes from main memory while this one is walked (a tile meets about one node in seven).
    for (int line = 0; line < 2 && ahead < nextTree.end(); line++, ahead += nodesPerLine) prefetch(ahead);
    const Node split = tree[node];
    const std::uint16_t* own = codes + split.predictor * tile.capacity;
    if (split.isLeaf()) {
      const double value = split.value();
      for (std::uint32_t i = begin; i < begin + count; i++) addLeaf(sums + blocks[i] * blockCells, masks[i], value);
    } else if ((split.flags & Node::hasTwinLeaves) != 0) {
      const double left = tree[node + 1].value(), right = tree[node + 2].value();
      for (std::uint32_t i = begin; i < begin + count; i++)
        addTwins(sums + blocks[i] * blockCells, masks[i], compare64(own + blocks[i] * blockCells, split.cut), left, right);
    } else {
      // The right list takes the place of the list, the left one comes on top of it.
      std::uint32_t leftCount = 0, rightCount = 0;
      for (std::uint32_t i = begin; i < begin + count; i++) {
        const std::uint16_t block = blocks[i];
        const std::uint64_t mask = masks[i];
        const std::uint64_t isLeft = compare64(own + block * blockCells, split.cut);
        leftMasks[leftCount] = mask & isLeft;
        leftBlocks[leftCount] = block;
        leftCount += (mask & isLeft) != 0;
        masks[begin + rightCount] = mask & ~isLeft;
        blocks[begin + rightCount] = block;
        rightCount += (mask & ~isLeft) != 0;
      }
      if (leftCount > 0) {
        if (rightCount > 0) frames[frameCount++] = {split.payload, begin, rightCount};
        begin += rightCount;
        for (std::uint32_t i = 0; i < leftCount; i++) {
          masks[begin + i] = leftMasks[i];
          blocks[begin + i] = leftBlocks[i];
        }
        count = leftCount;
        node++;
      } else {
        count = rightCount;
        node = split.payload;
      }
      continue;
    }
    if (frameCount == 0) return;
    const MaskTile::Frame& next = frames[--frameCount];
    node = next.node;
    begin = next.begin;
    count = next.count;
  }
}
