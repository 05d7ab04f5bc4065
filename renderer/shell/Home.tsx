import { useQuery, useQueryClient } from '@tanstack/react-query'
import { endpoints } from '../../main/contract/index.ts'
import type { RecentProject } from '../../main/contract/index.ts'
import { addressOf, call } from '../api/client.ts'
import { useHello } from '../api/hello.ts'
import { useShippedRecipes } from '../api/recipe.ts'
import { sayFault } from '../state/notices.ts'
import { IconButton } from '../widgets/Button.tsx'
import { Icon } from '../widgets/Icon.tsx'
import { Chip, ErrorStrip, LoadingRows } from '../widgets/PanelState.tsx'
import { openProject, openProjectFile, startNewProject, startSample, startWithRecipe } from './project-actions.ts'
import './home.css'

/** The start page, while no project is open. */
export function Home() {
  const hello = useHello()
  const recent = useQuery({
    queryKey: ['recent'],
    queryFn: ({ signal }) => call(endpoints.recentProjects, { signal }),
    enabled: hello.isSuccess,
  })
  return (
    <main className="home">
      <div className="home-page">
        <header className="home-head">
          <h1>Loam</h1>
          <p className="text-2">Daily high-resolution soil-moisture maps, with a word on where they can be trusted.</p>
        </header>
        {hello.isLoading && hello.failureCount > 1 && (
          <ErrorStrip fault={hello.failureReason} onRetry={() => void hello.refetch()} />
        )}
        <div className="home-actions">
          <Action
            icon="add"
            title="New project"
            note="Choose a folder; then drop files or folders into the window."
            onPress={() => startNewProject()}
          />
          <Action
            icon="folder"
            title="Open project"
            note="A .loam file. Nothing is copied or moved."
            onPress={() => void openProjectFile()}
          />
          <Action
            icon="layers"
            title="Sample project"
            note="A synthetic catchment with known truth, made on this machine."
            onPress={startSample}
          />
        </div>
        <p className="home-drop text-2">
          <Icon name="download" />
          Drop files here to start a project. A folder of daily files, station tables or a .loam file will do.
        </p>
        <section className="home-recent" aria-labelledby="recent-head">
          <h2 id="recent-head">Recent projects</h2>
          {recent.isLoading && <LoadingRows rows={3} label="Reading the list of recent projects" />}
          {recent.error && <ErrorStrip fault={recent.error} onRetry={() => void recent.refetch()} />}
          {recent.data?.length === 0 && <p className="text-2">None yet. Projects you make or open are listed here.</p>}
          <ul>
            {recent.data?.map((project) => (
              <RecentRow key={project.path} project={project} />
            ))}
          </ul>
        </section>
        <StudyRecipes isWanted={hello.isSuccess} />
        <footer className="home-foot text-3">
          {hello.data && `Loam ${hello.data.version} · ${hello.data.cores} cores · Loam makes no network request.`}
        </footer>
      </div>
    </main>
  )
}

/** Recipes of published studies: each opens a new project whose draft it is. */
function StudyRecipes({ isWanted }: { readonly isWanted: boolean }) {
  const recipes = useShippedRecipes(isWanted)
  const studies = recipes.data?.filter(({ isStudy }) => isStudy) ?? []
  return (
    <section className="home-recent" aria-labelledby="studies-head">
      <h2 id="studies-head">Recipes of five studies</h2>
      {recipes.isLoading && <LoadingRows rows={5} label="Reading the recipes" />}
      {recipes.error && <ErrorStrip fault={recipes.error} onRetry={() => void recipes.refetch()} />}
      <ul>
        {studies.map((each) => (
          <li key={each.id} className="home-row">
            <button type="button" className="home-row-open" onClick={() => startWithRecipe(each)}>
              <span className="home-row-name">{placeWords(each.name)}</span>
              <span className="text-2">{each.line}</span>
            </button>
          </li>
        ))}
      </ul>
    </section>
  )
}

/** `Northern China` for `northern-china`. */
const placeWords = (name: string): string =>
  name.replace(/(^|-)(.)/g, (_, before: string, letter: string) => (before ? ' ' : '') + letter.toUpperCase())

interface ActionProps {
  readonly icon: 'add' | 'folder' | 'layers'
  readonly title: string
  readonly note: string
  readonly onPress: () => void
}

function Action({ icon, title, note, onPress }: ActionProps) {
  return (
    <button type="button" className="home-action" onClick={onPress}>
      <Icon name={icon} size={20} />
      <span className="home-action-title">{title}</span>
      <span className="text-2">{note}</span>
    </button>
  )
}

/** `51.6° N, 5.7° E`: as near as a name of a region would tell. */
const coordinateWords = ({ lon, lat }: NonNullable<RecentProject['place']>): string =>
  `${Math.abs(lat).toFixed(1)}° ${lat < 0 ? 'S' : 'N'}, ${Math.abs(lon).toFixed(1)}° ${lon < 0 ? 'W' : 'E'}`

function RecentRow({ project }: { readonly project: RecentProject }) {
  const queries = useQueryClient()
  const { name, path, openedAtMs, datasets, runs, missingFiles, place, picturedAtMs } = project
  const forget = async () => {
    try {
      queries.setQueryData(['recent'], await call(endpoints.forgetProject, { body: { path } }))
    } catch (thrown) {
      sayFault(thrown)
    }
  }
  return (
    <li className="home-row">
      <span className="home-row-picture">
        {picturedAtMs !== null && (
          <img
            alt=""
            src={addressOf(endpoints.mapPicture.route, { query: { path, of: String(Math.round(picturedAtMs)) } })}
          />
        )}
      </span>
      <button
        type="button"
        className="home-row-open"
        disabled={missingFiles === null}
        onClick={() => void openProject(path)}
      >
        <span className="home-row-name">{name}</span>
        <span className="home-row-path text-2">{path}</span>
        <span className="home-row-path text-2">
          {place && `${coordinateWords(place)} · `}
          {datasets === 1 ? '1 dataset' : `${datasets} datasets`} · {runs === 1 ? '1 run' : `${runs} runs`} · last
          opened {new Date(openedAtMs).toLocaleDateString()}
        </span>
      </button>
      {missingFiles === null && <Chip tone="bad">not found</Chip>}
      {missingFiles !== null && missingFiles > 0 && (
        <Chip tone="warn">missing {missingFiles === 1 ? '1 file' : `${missingFiles} files`}</Chip>
      )}
      <IconButton icon="close" label={`Take ${name} off this list`} onPress={() => void forget()} />
    </li>
  )
}
