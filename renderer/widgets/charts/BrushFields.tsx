import { Button as AriaButton, Dialog, DialogTrigger, Popover } from 'react-aria-components'
import { Button } from '../Button.tsx'
import { Icon } from '../Icon.tsx'
import { NumberField, Select } from '../fields.tsx'
import { formatUnit } from '../format.ts'
import type { AxisSpan, BrushAxis, ChartBrush } from './brush.ts'

/** What a drag does, with numbers: from and to of each axis a chart can be brushed along. */
export function BrushFields({ title, brush }: { readonly title: string; readonly brush: ChartBrush }) {
  const { x, y, lasso, onBrush } = brush
  const isSet = Boolean(x?.selected ?? y?.selected ?? lasso?.ring)
  return (
    <DialogTrigger>
      <AriaButton
        className={`icon-button${isSet ? ' is-active' : ''}`}
        aria-label={`Filter by ${title}${isSet ? ' (on)' : ''}`}
      >
        <Icon name="filter" />
      </AriaButton>
      <Popover className="popover brush-popover">
        <Dialog aria-label={`Filter by ${title}`} className="brush-fields">
          {x && <AxisFields axis={x} onSpan={(span) => onBrush(span, y?.selected ?? null)} />}
          {y && <AxisFields axis={y} onSpan={(span) => onBrush(x?.selected ?? null, span)} />}
          <p className="text-2">All charts, scores and stations follow. Drag over the drawing does the same.</p>
          <Button
            look="quiet"
            icon="close"
            isDisabled={!isSet}
            onPress={() => {
              onBrush(null, null)
              lasso?.onLasso(null)
            }}
          >
            Take this filter off
          </Button>
        </Dialog>
      </Popover>
    </DialogTrigger>
  )
}

function AxisFields({ axis, onSpan }: { readonly axis: BrushAxis; readonly onSpan: (span: AxisSpan | null) => void }) {
  const { name, selected } = axis
  if (axis.kind === 'names') {
    const last = axis.names.length - 1
    const choices = axis.names.map((each, i) => ({ id: String(i), name: each }))
    const at = (end: 0 | 1) => (selected ? String(selected[end]) : null)
    return (
      <div className="brush-pair">
        <Select
          label={`${name} from`}
          value={at(0)}
          placeholder="first"
          onChange={(id) => onSpan([Number(id), Math.max(Number(id), selected?.[1] ?? last)])}
          choices={choices}
        />
        <Select
          label="to"
          value={at(1)}
          placeholder="last"
          onChange={(id) => onSpan([Math.min(Number(id), selected?.[0] ?? 0), Number(id)])}
          choices={choices}
        />
      </div>
    )
  }
  return <RangeFields name={name} unit={axis.unit} span={selected} onSpan={onSpan} />
}

/** Two numbers; one alone leaves the other side open. */
export function RangeFields({
  name,
  unit,
  span,
  onSpan,
}: {
  readonly name: string
  readonly unit: string
  readonly span: AxisSpan | null
  readonly onSpan: (span: AxisSpan | null) => void
}) {
  const shown = formatUnit(unit)
  const open = 1e30
  const known = (value: number | undefined) => (value === undefined || Math.abs(value) >= open ? null : value)
  const [low, high] = [known(span?.[0]), known(span?.[1])]
  const change = (next: readonly [number | null, number | null]) => {
    if (next[0] === null && next[1] === null) onSpan(null)
    else {
      const [from, to] = [next[0] ?? -open, next[1] ?? open]
      onSpan(from <= to ? [from, to] : [to, from])
    }
  }
  const format = { maximumSignificantDigits: 5 }
  return (
    <div className="brush-pair">
      <NumberField
        label={`${name} from`}
        value={low}
        unit={shown}
        format={format}
        onChange={(value) => change([value, high])}
      />
      <NumberField label="to" value={high} unit={shown} format={format} onChange={(value) => change([low, value])} />
    </div>
  )
}
