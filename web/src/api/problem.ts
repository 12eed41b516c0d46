/** Errors of the interface as the app sees them: a problem document, or no answer at all. */
import type { components } from './schema'

export type ProblemDocument = components['schemas']['Problem']

/** The server answered with a problem document. */
export class ApiProblem extends Error {
  constructor(
    readonly document: ProblemDocument,
    readonly status: number,
  ) {
    super(document.detail || document.title)
    this.name = 'ApiProblem'
  }

  get code(): string {
    return this.document.code
  }

  /** What the user sent is older than what the server holds. */
  get stale(): boolean {
    return this.status === 412
  }

  /** The version that the app sent with it did not arrive. */
  get unversioned(): boolean {
    return this.status === 428
  }
}

/** No answer: the server is down or the network is. */
export class Offline extends Error {
  constructor(cause: unknown) {
    super('offline', { cause })
    this.name = 'Offline'
  }
}

/** Reads the problem out of an error answer, also when a proxy sent something else. */
export function problemOf(body: unknown, status: number): ApiProblem {
  if (isProblem(body)) return new ApiProblem(body, status)
  const title = typeof body === 'string' && body.length > 0 && body.length < 300 ? body : `HTTP ${status}`
  return new ApiProblem(
    { type: 'about:blank', title, status, code: 'unknown', instance: '', requestId: '', errors: [] },
    status,
  )
}

function isProblem(body: unknown): body is ProblemDocument {
  return typeof body === 'object' && body !== null && 'code' in body && 'title' in body && 'errors' in body
}
