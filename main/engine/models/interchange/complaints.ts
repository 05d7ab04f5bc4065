import { LoamError } from '../../../contract/index.ts'

/** File formats of other programs' models. */
export const foreignFormats = {
  onnx: { name: 'an ONNX tree ensemble', remedy: 'Export it again, for example with skl2onnx or onnxmltools.' },
  xgboost: { name: 'an xgboost JSON model', remedy: "Save it again with model.save_model('name.json')." },
  lightgbm: { name: 'a LightGBM text model', remedy: "Save it again with booster.save_model('name.txt')." },
  'ml-random-forest': { name: 'a model of ml-random-forest', remedy: 'Save it again with JSON.stringify(model).' },
} as const
export type ForeignFormat = keyof typeof foreignFormats

/** The file is not what it says: a part is missing, damaged or contradicts another. */
export function damaged(format: ForeignFormat, found: string): LoamError {
  const { name, remedy } = foreignFormats[format]
  return new LoamError('bad_model', `This is not ${name} that Loam can read: ${found}. ${remedy}`, { format })
}

/** The file is sound, but asks for something Loam's forests do not do. */
export function unsupported(format: ForeignFormat, found: string, remedy: string): LoamError {
  return new LoamError(
    'unsupported_format',
    `Loam cannot take over ${foreignFormats[format].name} where ${found}. ${remedy}`,
    { format },
  )
}
