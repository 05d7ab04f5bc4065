/** Line icons, 16 × 16. A new icon is a row here. */
const paths = {
  add: 'M8 3v10M3 8h10',
  close: 'M4 4l8 8M12 4l-8 8',
  filter: 'M2 3h12L9.500 8.500v4.500l-3-1.500v-3L2 3',
  lasso:
    'M8 2.500c3.600 0 6 1.700 6 4s-2.400 4-6 4-6-1.700-6-4 2.400-4 6-4M5 10.200c-1.200.5-1.500 2-.5 2.600 1 .5 1.800-.3 1.500-1.500-.3 1.500 0 2.200 1.500 2.700',
  areaBox:
    'M2.500 2.500h2M6.500 2.500h3M11.500 2.500h2v2M13.500 6.500v3M13.500 11.500v2h-2M9.500 13.500h-3M4.500 13.500h-2v-2M2.500 9.500v-3M2.500 4.500v-2',
  search: 'M7 3a4 4 0 1 1 0 8 4 4 0 0 1 0-8M10 10l3.5 3.5',
  more: 'M3.5 8h.01M8 8h.01M12.5 8h.01',
  menu: 'M2.5 4h11M2.5 8h11M2.5 12h11',
  layers: 'M8 2 2 5l6 3 6-3-6-3M2 8l6 3 6-3M2 11l6 3 6-3',
  eye: 'M1.5 8C3 5 5.2 3.5 8 3.5S13 5 14.5 8C13 11 10.8 12.5 8 12.5S3 11 1.5 8M8 6a2 2 0 1 1 0 4 2 2 0 0 1 0-4',
  eyeOff:
    'M2 2l12 12M6.2 3.8A6.6 6.6 0 0 1 8 3.5C10.8 3.5 13 5 14.5 8a9 9 0 0 1-2 2.6M4 5a9 9 0 0 0-2.500 3C3 11 5.200 12.500 8 12.500a6 6 0 0 0 2.500-.5',
  chevronRight: 'M6 3.500 10.500 8 6 12.500',
  chevronDown: 'M3.500 6 8 10.500 12.500 6',
  chevronUp: 'M3.500 10 8 5.500l4.500 4.500',
  check: 'M3 8.500 6.500 12 13 4.500',
  warning: 'M8 2 1.500 13.500h13L8 2M8 6.500v3.500M8 12h.01',
  error:
    'M8 1.800a6.200 6.200 0 1 1 0 12.400A6.200 6.200 0 0 1 8 1.800M5.700 5.700l4.600 4.600M10.300 5.700l-4.600 4.600',
  info: 'M8 1.800a6.200 6.200 0 1 1 0 12.400A6.200 6.200 0 0 1 8 1.800M8 7.200V11M8 5h.01',
  play: 'M4.500 2.800v10.400L13 8 4.500 2.800',
  pause: 'M5 3v10M11 3v10',
  stop: 'M4 4h8v8H4z',
  stepBack: 'M10 3.500 5.500 8l4.500 4.500',
  stepForward: 'M6 3.500 10.500 8 6 12.500',
  first: 'M4 3v10M12 3.500 7.500 8l4.500 4.500',
  last: 'M12 3v10M4 3.500 8.500 8 4 12.500',
  undo: 'M6 3 2.500 6.500 6 10M2.500 6.500H10a3.500 3.500 0 0 1 0 7H6',
  redo: 'M10 3l3.500 3.500L10 10M13.500 6.500H6a3.500 3.500 0 0 0 0 7h4',
  folder: 'M1.800 4.500V13h12.400V5.500H8L6.500 3.500H1.800v1',
  file: 'M4 1.800h5.500L12.500 5v9.200H4zM9.500 1.800V5h3',
  raster: 'M2 2h12v12H2zM2 6h12M2 10h12M6 2v12M10 2v12',
  station:
    'M8 14.200C5 10.500 3.500 8.300 3.500 6.300a4.500 4.500 0 0 1 9 0c0 2-1.500 4.200-4.500 7.900M8 4.800a1.500 1.500 0 1 1 0 3 1.500 1.500 0 0 1 0-3',
  chart: 'M2 2v12h12M4.500 11l3-4 2.500 2 3.500-5',
  model: 'M8 2v3M8 5 4 8.500M8 5l4 3.500M4 8.500V11M12 8.500V11M2.500 11h3v3h-3zM10.500 11h3v3h-3z',
  run: 'M2 8a6 6 0 1 0 2-4.500M2 2v3.500h3.500M8 5v3.500l2 1.500',
  report: 'M3 1.800h10v12.400H3zM5.500 5h5M5.500 8h5M5.500 11h3',
  settings:
    'M8 5.500a2.500 2.500 0 1 1 0 5 2.500 2.500 0 0 1 0-5M8 1.500v2M8 12.500v2M1.500 8h2M12.500 8h2M3.400 3.400l1.400 1.400M11.200 11.200l1.400 1.400M12.600 3.400l-1.400 1.400M4.800 11.200l-1.400 1.400',
  help: 'M8 1.800a6.200 6.200 0 1 1 0 12.400A6.200 6.200 0 0 1 8 1.800M6 6.200c0-1.200.9-2 2-2s2 .8 2 1.900c0 1.400-2 1.500-2 3M8 11.500h.01',
  pin: 'M10 2 14 6l-3 1-2.500 2.500L8 12 4 8l2.500-.5L9 5l1-3M6 10l-4 4',
  copy: 'M5.500 5.500h8v8h-8zM3.500 10.500h-1v-8h8v1',
  download: 'M8 2v8M4.500 7 8 10.500 11.500 7M2.500 13.500h11',
  upload: 'M8 10.500v-8M4.500 6 8 2.500 11.500 6M2.500 13.500h11',
  swap: 'M2.500 5.500h10L10 3M13.500 10.500h-10L6 13',
  fit: 'M2.500 6V2.500H6M10 2.500h3.500V6M13.500 10v3.500H10M6 13.500H2.500V10',
  expand: 'M9.500 2.500h4v4M13.500 2.500 9 7M6.500 13.500h-4v-4M2.500 13.500 7 9',
  calendar: 'M2.500 3.500h11v10h-11zM2.500 6.500h11M5.500 2v3M10.500 2v3',
  lock: 'M3.500 7h9v7h-9zM5.500 7V5a2.500 2.500 0 0 1 5 0v2',
  link: 'M6.500 9.500l3-3M7 5l1.500-1.500a2.800 2.800 0 0 1 4 4L11 9M9 11l-1.500 1.500a2.800 2.800 0 0 1-4-4L5 7',
  trash: 'M2.500 4h11M6 4V2.500h4V4M4 4l.7 9.500h6.600L12 4M6.700 6.500v4.500M9.300 6.500v4.500',
  edit: 'M3 13l.7-3L10.500 3.200l2.300 2.300L6 12.300 3 13',
  panelRight: 'M2 2.500h12v11H2zM10 2.500v11',
  drag: 'M6 4h.01M10 4h.01M6 8h.01M10 8h.01M6 12h.01M10 12h.01',
  sun: 'M8 5a3 3 0 1 1 0 6 3 3 0 0 1 0-6M8 1.500v1.500M8 13v1.500M1.500 8H3M13 8h1.500M3.400 3.400l1 1M11.600 11.600l1 1M12.600 3.400l-1 1M4.400 11.600l-1 1',
  moon: 'M13.500 9.500A6 6 0 1 1 6.500 2.500a5 5 0 0 0 7 7',
} as const

export type IconName = keyof typeof paths

/** Icons that point along the line of reading: mirrored where it runs from right to left. */
const sideways: readonly IconName[] = ['chevronRight', 'panelRight']

/** Decoration beside a name, or inside a button that has one; never alone. */
export function Icon({ name, size = 16 }: { readonly name: IconName; readonly size?: number }) {
  const isDots = name === 'more' || name === 'drag'
  const look = sideways.includes(name) ? 'icon is-sideways' : 'icon'
  return (
    <svg className={look} width={size} height={size} viewBox="0 0 16 16" aria-hidden="true" focusable="false">
      <path
        d={paths[name]}
        fill="none"
        stroke="currentColor"
        strokeWidth={isDots ? 2 : 1.3}
        strokeLinecap="round"
        strokeLinejoin="round"
      />
    </svg>
  )
}
