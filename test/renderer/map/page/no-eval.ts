import { z } from 'zod'

// zod tries whether it may compile code, which the page's policy refuses and reports. Before anything is parsed.
z.config({ jitless: true })
