import type { Key, ReactNode } from 'react'
import {
  Button as AriaButton,
  Checkbox as AriaCheckbox,
  FieldError,
  Input,
  Label,
  ListBox,
  ListBoxItem,
  NumberField as AriaNumberField,
  Popover,
  Select as AriaSelect,
  SelectValue,
  Slider as AriaSlider,
  SliderOutput,
  SliderThumb,
  SliderTrack,
  Switch as AriaSwitch,
  Text,
  TextArea,
  TextField as AriaTextField,
} from 'react-aria-components'
import { Icon } from './Icon.tsx'
import './fields.css'

interface FieldProps {
  readonly label: string
  /** One line of why, or what it does. */
  readonly hint?: ReactNode
  /** A fault in words; marks the field. */
  readonly fault?: string | null
  readonly isDisabled?: boolean
  /** Assumed by Loam and open to correction: dotted underline. */
  readonly isAssumed?: boolean
  /** Label for screen readers only: in table cells, whose head names it. */
  readonly isLabelHidden?: boolean
}

const fieldClass = (isAssumed?: boolean) => `field${isAssumed ? ' is-assumed' : ''}`

function FieldLabel({ label, isLabelHidden }: Pick<FieldProps, 'label' | 'isLabelHidden'>) {
  return <Label className={isLabelHidden ? 'visually-hidden' : 'field-label'}>{label}</Label>
}

function Under({ hint, fault }: Pick<FieldProps, 'hint' | 'fault'>) {
  return (
    <>
      {hint && (
        <Text slot="description" className="field-hint">
          {hint}
        </Text>
      )}
      <FieldError className="field-fault">{fault}</FieldError>
    </>
  )
}

interface TextFieldProps extends FieldProps {
  readonly value: string
  readonly onChange: (value: string) => void
  readonly placeholder?: string
  readonly isMultiline?: boolean
  /** Lines of a multiline field; default 4. */
  readonly rows?: number
  readonly autoFocus?: boolean
  readonly onEnter?: () => void
}

export function TextField(props: TextFieldProps) {
  const {
    value,
    onChange,
    placeholder,
    isMultiline,
    rows = 4,
    isDisabled,
    fault,
    isAssumed,
    autoFocus,
    onEnter,
  } = props
  return (
    <AriaTextField
      className={fieldClass(isAssumed)}
      value={value}
      onChange={onChange}
      isInvalid={Boolean(fault)}
      isDisabled={isDisabled}
      autoFocus={autoFocus}
      onKeyDown={(event) => {
        // Else react-aria keeps every key to the field, and Ctrl+K or F6 would do nothing in it.
        event.continuePropagation()
        if (event.key === 'Enter' && !isMultiline) onEnter?.()
      }}
    >
      <FieldLabel {...props} />
      {isMultiline ? (
        <TextArea className="input" rows={rows} placeholder={placeholder} />
      ) : (
        <Input className="input" placeholder={placeholder} />
      )}
      <Under {...props} />
    </AriaTextField>
  )
}

interface NumberFieldProps extends FieldProps {
  readonly value: number | null
  readonly onChange: (value: number | null) => void
  readonly min?: number
  readonly max?: number
  readonly step?: number
  /** Shown behind the number. */
  readonly unit?: string
  readonly format?: Intl.NumberFormatOptions
}

/** A number with its unit. Empty is null. */
export function NumberField(props: NumberFieldProps) {
  const { value, onChange, min, max, step, unit, format, isDisabled, fault, isAssumed } = props
  return (
    <AriaNumberField
      className={fieldClass(isAssumed)}
      value={value ?? Number.NaN}
      onChange={(next) => onChange(Number.isNaN(next) ? null : next)}
      minValue={min}
      maxValue={max}
      step={step}
      formatOptions={{ useGrouping: false, maximumFractionDigits: 12, ...format }}
      isInvalid={Boolean(fault)}
      isDisabled={isDisabled}
    >
      <FieldLabel {...props} />
      <div className="input-group">
        <Input className="input number" />
        {unit && <span className="input-unit">{unit}</span>}
      </div>
      <Under {...props} />
    </AriaNumberField>
  )
}

export interface Choice<K extends string = string> {
  readonly id: K
  readonly name: string
  /** Second line: what choosing it means. */
  readonly hint?: string
  readonly isDisabled?: boolean
}

interface SelectProps<K extends string> extends FieldProps {
  readonly value: K | null
  readonly onChange: (value: K) => void
  readonly choices: readonly Choice<K>[]
  readonly placeholder?: string
}

export function Select<K extends string>(props: SelectProps<K>) {
  const { value, onChange, choices, placeholder, isDisabled, fault, isAssumed } = props
  return (
    <AriaSelect
      className={fieldClass(isAssumed)}
      value={value}
      onChange={(key: Key | null) => key !== null && onChange(key as K)}
      placeholder={placeholder ?? 'Choose …'}
      isDisabled={isDisabled}
      isInvalid={Boolean(fault)}
    >
      <FieldLabel {...props} />
      <AriaButton className="input select-button">
        <SelectValue className="select-value">
          {({ selectedText, isPlaceholder }) => (
            <span className={isPlaceholder ? 'text-3' : ''} title={isPlaceholder ? undefined : selectedText}>
              {isPlaceholder ? (placeholder ?? 'Choose …') : selectedText}
            </span>
          )}
        </SelectValue>
        <Icon name="chevronDown" size={12} />
      </AriaButton>
      <Under {...props} />
      <Popover className="popover">
        <ListBox className="list-box">
          {choices.map(({ id, name, hint, isDisabled: isOff }) => (
            <ListBoxItem key={id} id={id} textValue={name} isDisabled={isOff} className="list-item">
              <Text slot="label">{name}</Text>
              {hint && (
                <Text slot="description" className="list-hint">
                  {hint}
                </Text>
              )}
            </ListBoxItem>
          ))}
        </ListBox>
      </Popover>
    </AriaSelect>
  )
}

interface ToggleProps {
  readonly children: ReactNode
  readonly isSelected: boolean
  readonly onChange: (isSelected: boolean) => void
  readonly isDisabled?: boolean
  readonly label?: string
}

export function Switch({ children, label, ...rest }: ToggleProps) {
  return (
    <AriaSwitch {...rest} className="switch" aria-label={label}>
      <span className="switch-track" />
      {children}
    </AriaSwitch>
  )
}

export function Checkbox({
  children,
  label,
  isIndeterminate,
  ...rest
}: ToggleProps & { readonly isIndeterminate?: boolean }) {
  return (
    <AriaCheckbox {...rest} isIndeterminate={isIndeterminate} className="checkbox" aria-label={label}>
      <span className="checkbox-box">
        <Icon name="check" size={12} />
      </span>
      {children}
    </AriaCheckbox>
  )
}

interface SliderProps {
  readonly label: string
  readonly value: number
  readonly onChange: (value: number) => void
  readonly onChangeEnd?: (value: number) => void
  readonly min: number
  readonly max: number
  readonly step?: number
  readonly format?: Intl.NumberFormatOptions
}

export function Slider({ label, value, onChange, onChangeEnd, min, max, step, format }: SliderProps) {
  return (
    <AriaSlider
      className="slider"
      value={value}
      onChange={(next) => onChange(next as number)}
      onChangeEnd={(next) => onChangeEnd?.(next as number)}
      minValue={min}
      maxValue={max}
      step={step ?? (max - min) / 100}
      formatOptions={format}
    >
      <Label className="field-label">{label}</Label>
      <SliderOutput className="slider-output" />
      <SliderTrack className="slider-track">
        <SliderThumb className="slider-thumb" />
      </SliderTrack>
    </AriaSlider>
  )
}
