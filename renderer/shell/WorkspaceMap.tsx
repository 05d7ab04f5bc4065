/** The map of the workspace: the document's layers in its working CRS. */
export function WorkspaceMap({ isShown }: { readonly isShown: boolean }) {
  return <div className="map-host" hidden={!isShown} data-letter-keys />
}
