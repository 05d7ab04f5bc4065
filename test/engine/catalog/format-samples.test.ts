import { afterAll, beforeAll, expect, it } from 'vitest'
import { fileURLToPath } from 'node:url'
import { describeFile, formatDescription, surveyFolder } from '../../../main/engine/catalog/index.ts'
import type { SurveyRow } from '../../../main/engine/catalog/index.ts'
import { bundleScript } from '../../bundle.ts'
import { describeWithSharedData, sharedData } from '../../shared-data.ts'

const script = fileURLToPath(new URL('../../../main/engine/catalog/describe-process.ts', import.meta.url))

describeWithSharedData('every file of the samples is described or refused', () => {
  let child: Awaited<ReturnType<typeof bundleScript>>
  beforeAll(async () => {
    child = await bundleScript(script)
  })
  afterAll(() => child.remove())

  async function survey(folder: string): Promise<Map<string, SurveyRow>> {
    const rows = await surveyFolder(sharedData(folder), { child: child.path })
    return new Map(rows.map((row) => [row.file.replace(/^.*\//, ''), row]))
  }

  /** A refusal names the file, what was found, what is needed and what to do. */
  function expectHelpful({ file, code, said }: SurveyRow): void {
    const name = file.replace(/^.*\//, '')
    expect(said, file).toContain(name)
    expect(code, file).not.toBe('internal')
    expect(code, file).not.toBe('native_crash')
    expect(said, file).toMatch(/Loam (needs|reads)/)
    expect(said, file).toMatch(/gdal|Get it again|onvert it|write them as a table|grid (it|them) first|Bring it to/)
  }

  it('format_samples', async () => {
    const rows = await survey('format_samples')
    for (const row of rows.values()) if (row.outcome === 'refused') expectHelpful(row)
    const outcomes = Object.fromEntries([...rows.values()].map(({ file, outcome, code }) => [file, code ?? outcome]))
    expect(outcomes).toEqual({
      'geotiff_misc/L7_ETMs.tif': 'raster',
      'geotiff_misc/geomatrix.tif': 'unsupported_grid',
      'geotiff_misc/luxembourg_elev.tif': 'raster',
      'geotiff_misc/na.tif': 'raster',
      'geotiff_misc/olinda_dem_utm25s.tif': 'raster',
      'improper/h101_20170220_103600_METOPA_EUM.bufr': 'unsupported_format',
      'improper/improper_lprm_datacube_ascending.nc': 'raster',
      'improper/inproper-dataset-format.nc': 'unsupported_grid',
      'improper/invalid-dataset-format.zip': 'unsupported_format',
      'improper/teststack_c3s_2dcoords_min_attrs.nc': 'raster',
      'improper/teststack_hr_cgls_small.nc': 'raster',
      'improper/truncated_L7_ETMs.tif': 'bad_raster',
      'improper/truncated_LIS_HIST.nc': 'bad_raster',
      'modis_hdf4/MOD09A1.A2017193.h18v04.006.2017202035302.hdf': 'raster',
      'netcdf_misc/3B42_Daily.19991231.7.test.nc': 'raster',
      'netcdf_misc/bcsd_obs_1999.nc': 'raster',
      'netcdf_misc/lcc_km.nc': 'raster',
      'netcdf_misc/reduced.nc': 'raster',
      'netcdf_misc/test_stageiv_xyt.nc': 'unsupported_grid',
      'netcdf_misc/timeseries.nc': 'unsupported_grid',
      'satellite/LIS_HIST_201704010000.d01.nc': 'raster',
      'satellite/SMAP_L2_SM_P_02801_A_20150811T013002_R18290_001.h5': 'unsupported_grid',
      'satellite/SM_OPER_MIR_CLF31A_20150506T000000_20150506T235959_300_002_7.DBL.nc': 'raster',
      'satellite/SM_REPR_MIR_SMUDP2_20100601T073146_20100601T082504_700_100_1.nc': 'unsupported_grid',
      'satellite/mrsos_day_EC-Earth3-Veg_land-hist_r1i1p1f1_gr_19700101-19700131.nc': 'raster',
    })
  })

  it.each([
    ['ndvi_gimms_modis_alb', []],
    ['smap9km_era5land_west_australia', ['smap_points_Uruguay_2020-01-01.nc']],
    ['lst_fusion_yanco', []],
    ['cgls_1km_pyrenees', []],
    ['cookfarm/grids', []],
    ['sentinel2_optram_lachish/boa', []],
    ['sentinel2_optram_lachish/ndvi', []],
    ['sentinel2_optram_lachish/str', []],
  ])('%s', async (folder, refused) => {
    const rows = [...(await survey(folder)).values()].filter(({ file }) => /\.(tif|nc)$/.test(file))
    for (const row of rows) if (row.outcome === 'refused') expectHelpful(row)
    expect(rows.filter((row) => row.outcome === 'refused').map((row) => row.file.replace(/^.*\//, ''))).toEqual(refused)
    expect(rows.length).toBeGreaterThan(1)
  })

  it('prints what a hydrologist wants to know', async () => {
    const file = sharedData('smap9km_era5land_west_australia/smap_9km_daily.nc')
    const text = formatDescription(await describeFile(file, { child: child.path }))
    expect(text).toMatch(/NetCDF, 340\.7 kB/)
    expect(text).toMatch(/grid: 62 rows × 65 columns of 9008\.06 × 9008\.06 m, .*EASE-Grid 2\.0 Global \(EPSG:6933\)/)
    expect(text).toMatch(/dates: 40 from 2020-01-01 to 2020-02-1\d \(NetCDF time axis/)
    expect(text).toMatch(
      /variable: soil_moisture, m3 m-3; Float32; continuous; no value: -9999; seen 0\.\d+ to 0\.\d+ in/,
    )
  })
})
