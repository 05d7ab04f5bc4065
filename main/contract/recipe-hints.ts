/** What a setting of a recipe is called, its unit, and one line of why, by its path. Defaults and ranges are the schema's own. */
export interface SettingHint {
  readonly title: string
  readonly why: string
  readonly unit?: string
  /** Names of the choices; those that are not here keep the schema's. */
  readonly choices?: Readonly<Record<string, { readonly title: string; readonly why?: string }>>
}

export const settingHints: Readonly<Record<string, SettingHint>> = {
  name: { title: 'Name', why: 'Runs of this recipe carry it.' },
  description: { title: 'Description', why: 'For the reader of the recipe; changes no number.' },
  seed: { title: 'Seed', why: 'Same seed, same bytes; another seed shows how much chance decides.' },
  minValidFraction: {
    title: 'Least valid share of a cell',
    why: 'A coarse cell with less valid area than this has no value: higher loses rows, lower lets clouds and borders speak.',
  },
  'training.period': {
    title: 'Training period',
    why: 'Rows come from these dates only. Leave a season out to test on it.',
  },
  'training.maxRows': {
    title: 'Most rows',
    why: 'Beyond this, rows are drawn with the seed; more cost time and memory.',
    unit: 'rows',
  },
  'training.weight': {
    title: 'Weight of rows',
    why: 'How much each row counts in a forest, from a field that is 0 or more, such as the share of a cell that was seen. Scores count all rows alike.',
  },
  'split.by': {
    title: 'Held out together',
    why: 'A score tells what was held out: new places, new periods, or both. Random rows have neighbours in training.',
    choices: {
      place: { title: 'Places', why: 'Stations, or square blocks of coarse cells: skill at places never seen' },
      time: { title: 'Periods', why: 'Whole weeks, months or years: skill in periods never seen' },
      place_and_time: { title: 'Places and periods', why: 'Neither was seen: the hardest and most honest' },
      random: { title: 'Random rows (optimistic)', why: 'Neighbours and the day before are in training' },
    },
  },
  'split.folds': {
    title: 'Folds',
    why: 'More folds train on more and cost more; each needs enough rows to score.',
    unit: 'folds',
  },
  'split.leaveOneOut': { title: 'One fold per station', why: 'Each station is predicted from all others.' },
  'split.blockSize': {
    title: 'Side of a block',
    why: 'Wider than the range over which moisture resembles itself, or blocks leak; default a tenth of the area.',
    unit: 'm',
  },
  'split.timeBlock': {
    title: 'Period block',
    why: 'Longer blocks have fewer edges at which days resemble each other.',
    choices: { week: { title: 'Week' }, month: { title: 'Month' }, year: { title: 'Year' } },
  },
  'split.test': {
    title: 'Sealed test part',
    why: 'No fold, tuning, preview or score sees it. Opened once in Validate, with a reason that stays on record.',
  },
  'split.test.stations': { title: 'Stations', why: 'Their ids, sealed on all days.' },
  'split.test.extent': {
    title: 'Area',
    why: 'West, south, east, north in the CRS of the fine grid; sealed on all days.',
  },
  'split.test.period': { title: 'Period', why: 'Sealed in all places, first and last day included.' },
  'learner.type': {
    title: 'Learner',
    why: 'Trees follow jumps and never leave the range of the target; a regression is smooth and goes on beyond it. Try several on one split.',
    choices: {
      forest: { title: 'Random forest', why: 'Robust, few settings, intervals' },
      boosting: { title: 'Boosted trees', why: 'Often sharper, needs tuning, no intervals' },
      linear: { title: 'Linear regression', why: 'What straight lines explain: the mark the others have to pass' },
      svr: { title: 'Support vectors', why: 'Smooth, for few rows; slow for many' },
      mlp: { title: 'Neural network', why: 'Smooth, follows many bends; wants rows and stopping' },
    },
  },
  'learner.treeCount': {
    title: 'Trees',
    why: 'More steady the mean and never overfit; time grows with them.',
    unit: 'trees',
  },
  'learner.minLeafSize': {
    title: 'Least rows in a leaf',
    why: 'Larger leaves smooth: raise it when held-out scores are far below those out of bag.',
    unit: 'rows',
  },
  'learner.predictorsPerSplit': {
    title: 'Predictors tried at a split',
    why: 'Fewer make trees more different; default a third of all.',
    unit: 'predictors',
  },
  'learner.maxDepth': {
    title: 'Deepest tree',
    why: 'Limits interactions; 64 is no limit in practice.',
    unit: 'levels',
  },
  'learner.sampleFraction': {
    title: 'Share of rows per tree',
    why: 'At 1 drawn with replacement; below, without. Smaller trees are faster and more different.',
  },
  'learner.intervals': {
    title: 'Keep rows of leaves',
    why: 'For quantiles later; the model is about twice as large. Set by itself when the product has intervals.',
  },
  'learner.leafSamples': {
    title: 'Rows kept in a leaf',
    why: 'With intervals: 4 sampled ones miss a quantile by less than 1 %; "all" gives exact ones, for small maps.',
  },
  'learner.rounds': { title: 'Rounds', why: 'Trees added one after another; too many learn noise.', unit: 'trees' },
  'learner.learningRate': { title: 'Learning rate', why: 'Smaller steps need more rounds and generalise better.' },
  'learner.minChildWeight': { title: 'Least rows in a leaf', why: 'Larger leaves learn less noise.', unit: 'rows' },
  'learner.l2': {
    title: 'Shrinkage of leaves',
    why: 'Pulls leaf values towards zero as so many rows would.',
    unit: 'rows',
  },
  'learner.rowFraction': { title: 'Share of rows per tree', why: 'Below 1 each tree sees other rows, which steadies.' },
  'learner.columnFraction': {
    title: 'Share of predictors per tree',
    why: 'Below 1 weak predictors are heard as well.',
  },
  'learner.earlyStopping': {
    title: 'Stop early',
    why: 'Rounds end where held-out error no longer falls; the model is then grown anew from all rows.',
  },
  'learner.earlyStopping.patience': {
    title: 'Patience',
    why: 'Rounds without a lower error before it stops.',
    unit: 'rounds',
  },
  'learner.ridge': {
    title: 'Ridge penalty',
    why: 'Shrinks coefficients as if so many rows said that no predictor matters; steadies predictors that hang together. 0 is least squares.',
    unit: 'rows',
  },
  'learner.cost': {
    title: 'Cost of an error (C)',
    why: 'Higher follows the rows more closely, and their noise; takes longer.',
  },
  'learner.gamma': {
    title: 'Sharpness of the kernel (γ)',
    why: 'Per squared standard deviation of a predictor: higher lets a row speak for its nearest alone. Default 1 over the number of predictors.',
  },
  'learner.epsilon': {
    title: 'Errors that cost nothing (ε)',
    why: 'In standard deviations of the target: wider is smoother, and keeps fewer rows, so maps are drawn sooner.',
    unit: 'sd',
  },
  'learner.mostRows': {
    title: 'Rows learned from',
    why: 'Drawn with the seed when there are more. Training grows with their square, maps with the rows kept.',
    unit: 'rows',
  },
  'learner.hiddenLayers': {
    title: 'Units of the hidden layers',
    why: 'One number a layer, as 32, 16: more follow finer bends, and noise.',
    unit: 'units',
  },
  'learner.epochs': {
    title: 'Epochs',
    why: 'Passes over all rows; too many learn noise, so let it stop early.',
    unit: 'epochs',
  },
  'learner.batchRows': {
    title: 'Rows of a step',
    why: 'Fewer make more and noisier steps, which often generalise better and take longer.',
    unit: 'rows',
  },
  'learner.penalty': { title: 'Penalty on weights', why: 'Pulls weights towards 0, so that the map bends less.' },
  'learner.stopping': {
    title: 'Stop by held-out rows',
    why: 'Epochs end where held-out error no longer falls; the network is then trained anew from all rows.',
  },
  'learner.stopping.patience': {
    title: 'Patience',
    why: 'Epochs without a lower error before it stops.',
    unit: 'epochs',
  },
  'learner.byClass': {
    title: 'A model for each class of',
    why: 'Name of a predictor of classes, as land cover: each class of enough rows is learned by itself, the others together.',
  },
  'learner.leastClassRows': {
    title: 'Least rows of a class',
    why: 'Fewer rows would be learned by heart; such classes take the model of all rows.',
    unit: 'rows',
  },
  'learner.tuning': {
    title: 'Seek the settings',
    why: 'Tries combinations on rows held out as the split holds them out, and takes the best; each fold of a score seeks its own.',
  },
  'learner.tuning.method': {
    title: 'How combinations are chosen',
    why: 'A search goes anywhere between the lowest and the highest value of each list; all combinations of long lists take long.',
    choices: {
      bayesian: { title: 'Bayesian search', why: 'Evenly at first, then where most is to be expected' },
      grid: { title: 'All combinations', why: 'Of the values listed' },
    },
  },
  'learner.tuning.trials': {
    title: 'Combinations a search tries',
    why: 'More find better settings and take longer; each is fitted once for every fold tried on.',
  },
  'learner.tuning.minLeafSizes': {
    title: 'Least rows in a leaf, tried',
    why: 'The run warns when the highest was best: widen then.',
    unit: 'rows',
  },
  'learner.tuning.predictorsPerSplit': {
    title: 'Predictors at a split, tried',
    why: 'Default a sixth, a third and two thirds of the predictors, and all.',
    unit: 'predictors',
  },
  'learner.tuning.maxDepths': {
    title: 'Depths tried',
    why: 'Left out, depth stays as it is set above.',
    unit: 'levels',
  },
  'learner.tuning.treeCounts': {
    title: 'Numbers of trees tried',
    why: 'Left out, trees stay as they are set above: more are hardly ever worse, only slower.',
    unit: 'trees',
  },
  'learner.tuning.learningRates': {
    title: 'Learning rates tried',
    why: 'Let it stop early as well, so that each rate has its own number of rounds.',
  },
  'learner.tuning.l2Penalties': {
    title: 'Shrinkages tried',
    why: 'The run warns when the lowest or highest was best: widen then.',
    unit: 'rows',
  },
  'learner.tuning.minChildWeights': {
    title: 'Least rows in a leaf, tried',
    why: 'Left out, leaves stay as they are set above.',
    unit: 'rows',
  },
  'learner.tuning.folds': { title: 'Folds tried on', why: 'Folds of the split are joined to so many.', unit: 'folds' },
  'learner.tuning.costs': {
    title: 'Costs tried',
    why: 'The run warns when the lowest or highest was best: widen then.',
  },
  'learner.tuning.gammas': { title: 'Values of γ tried', why: 'The best is near 1 over the number of predictors.' },
  'learner.tuning.epsilons': { title: 'Values of ε tried', why: 'In standard deviations of the target.' },
  'learner.tuning.mostRows': {
    title: 'Rows tried on',
    why: 'Drawn with the seed when there are more; each combination is fitted to them.',
    unit: 'rows',
  },
  'product.period': { title: 'Dates of the maps', why: 'One map a day, first and last day included.' },
  'product.quantity': { title: 'Quantity', why: 'Names the maps and their legend.' },
  'product.unit': { title: 'Unit', why: 'Has to be the target’s: nothing is converted.' },
  'product.encoding': {
    title: 'Numbers in the files',
    why: 'Scaled whole numbers are half as large; 0.0001 is finer than any sensor.',
    choices: {
      float32: { title: '32-bit float', why: 'As computed' },
      int16: { title: '16-bit, 0.0001 steps', why: 'Half the disk' },
    },
  },
  'product.intervals': {
    title: 'Quantiles',
    why: '0.05, 0.95 bound the 90 % interval; each is a map beside the mean. Needs a forest.',
  },
  'product.applicability': {
    title: 'Area of applicability',
    why: 'Hatches cells unlike all training rows, where no score speaks for the map; adds a map of the dissimilarity index a day.',
  },
  'product.residual': {
    title: 'Correct to the coarse product',
    why: 'Gives back what the model leaves of each coarse cell, so that the maps average to the coarse product. The live preview is without it.',
  },
  'product.residual.method': {
    title: 'How the residual reaches fine cells',
    why: 'Only area-to-point kriging gives the coarse values back exactly.',
    choices: {
      atp: { title: 'Area-to-point kriging', why: 'Coherent: fine cells average to the coarse value' },
      krige: { title: 'Kriging of cell centres', why: 'Smooth, nearly coherent' },
      bilinear: { title: 'Bilinear', why: 'Fast, not coherent' },
    },
  },
  'product.residual.neighbours': {
    title: 'Coarse cells kriged from',
    why: 'More are smoother at cell edges and slower.',
    unit: 'cells',
  },
  'product.residual.variogram': {
    title: 'Variogram',
    why: '“auto” fits each day’s residuals; or a model such as sph(0.002,60000).',
  },
  'product.residual.clamp': {
    title: 'Cut to',
    why: 'Lowest and highest value of the maps; cut cells no longer average to the coarse value.',
  },
  'product.residual.gate': {
    title: 'A day that does not close',
    why: 'Only area-to-point kriging is held to it: the map of a day has to average to the coarse values within 0.000001, or half a step of 16-bit numbers.',
    choices: {
      stop: { title: 'Is not published', why: 'Except where values were cut; the other days go on' },
      strict: { title: 'Is not published, cut or not', why: 'Where values were cut as well' },
      warn: { title: 'Is published with a warning', why: 'With the largest difference' },
    },
  },
  'product.residual.closureMap': {
    title: 'Closure maps',
    why: 'Writes beside each map what it is above or below the coarse values, on their grid.',
  },
}

/** A title for a path that has no hint: its last name as words. */
export function hintOf(path: string): SettingHint {
  const known = settingHints[path]
  if (known) return known
  const words = (path.split('.').at(-1) ?? path).replace(
    /([a-z])([A-Z])/g,
    (_, a: string, b: string) => `${a} ${b.toLowerCase()}`,
  )
  return { title: words.charAt(0).toUpperCase() + words.slice(1), why: '' }
}
