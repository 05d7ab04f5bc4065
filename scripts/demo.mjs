// npm run demo: sets up what is missing, then runs the synthetic sample end to end. Arguments go to `loam demo`.
import { orSayWhy, setUp } from './setup.mjs'
import { bundleFolder } from './setup/places.mjs'

await orSayWhy(() => setUp())
process.setSourceMapsEnabled(true)
process.argv.splice(1, 1, `${bundleFolder}/cli.js`, 'demo')
await import(`${bundleFolder}/cli.js`)
