/** A reference as the recipe names it, set apart from the words around it. */
export function ReferenceName({ name }: { readonly name: string }) {
  return (
    <code className="reference-name" title="As the recipe names this reference">
      {name}
    </code>
  )
}
