export function App() {
  return <main>Loam</main>
}
