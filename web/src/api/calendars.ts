/** Statutory calendars from a file, as they are passed around: JSON or iCalendar. */
import { client, unwrap, type Schemas } from './client'

export type ImportedYear = Schemas['ImportedYear']

/** Stores every year that the file names, in place of what is stored of it. The server tells the two kinds apart. */
export const importCalendars = (file: File, published: boolean, source: string | null): Promise<ImportedYear[]> =>
  unwrap(client.POST('/api/v1/calendar-imports', {
    params: { query: { published: String(published), ...(source ? { source } : {}) } },
    // The file goes as it is; the document says of it only that it is bytes.
    body: file as unknown as string,
    bodySerializer: (body: unknown) => body as BodyInit,
    headers: { 'Content-Type': 'application/octet-stream' },
  }))
