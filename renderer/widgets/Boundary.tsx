import { Component } from 'react'
import type { ReactNode } from 'react'
import { Button } from './Button.tsx'
import { ErrorStrip } from './PanelState.tsx'

interface BoundaryProps {
  /** What is inside: "the map", "the right panel". */
  readonly name: string
  readonly children: ReactNode
}

/** A fault of ours inside costs this part of the window, not the window; what was made is in the project file. */
export class Boundary extends Component<BoundaryProps, { readonly fault: unknown }> {
  override state: { readonly fault: unknown } = { fault: null }

  static getDerivedStateFromError(fault: unknown): { fault: unknown } {
    return { fault }
  }

  override render(): ReactNode {
    if (this.state.fault === null) return this.props.children
    return (
      <div className="boundary">
        <ErrorStrip fault={this.state.fault}>
          <Button onPress={() => this.setState({ fault: null })}>Show {this.props.name} again</Button>
        </ErrorStrip>
      </div>
    )
  }
}
