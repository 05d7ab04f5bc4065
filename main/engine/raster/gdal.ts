import gdal from 'gdal-async'

/** Formats that may be opened. No VRT, MEM, HTTP or other driver that reads through a name or the network: Debian's
 *  GDAL reads any file through a VRT named `.tif` and dies on a MEM name. */
const wanted = [
  'GTiff',
  'COG',
  'netCDF',
  'HDF5',
  'HDF5Image',
  'HDF4',
  'HDF4Image',
  'AAIGrid',
  'ENVI',
  'EHdr',
  'HFA',
  'RRASTER',
  'SAGA',
  'GSAG',
  'GSBG',
  'GS7BG',
  'RST',
  'PCRaster',
  'ILWIS',
  'SRTMHGT',
  'USGSDEM',
  'ERS',
  'JP2OpenJPEG',
  'GRIB',
]

// /vsicurl/ is not stopped by the driver list, only by this; unsafe names are refused in safe-path.ts as well.
gdal.config.set('CPL_VSIL_CURL_ALLOWED_FILENAME', 'none')
// Bytes. RasterReader keeps decoded blocks itself; this only has to hold the other bands of pixel-interleaved tiles.
gdal.config.set('GDAL_CACHEMAX', String(128 * 1024 * 1024))

const available = new Set(gdal.drivers.getNames())
export const readableDrivers: string[] = wanted.filter((name) => available.has(name))

/** Version of the GDAL library in use, for provenance. */
export const gdalVersion: string = gdal.version

export { gdal }
