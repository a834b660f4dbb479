// Fitting where a fit that failed is an outcome to tell of, not an exception.
import { fail, succeed } from '../features/result.ts'
import type { Result } from '../features/result.ts'
import { FitError, keeps } from './models/family.ts'
import type { Family, FitFault, FitRequest, Fitted } from './models/family.ts'

type Optional = 'settings' | 'backend' | 'monitor'
/** As FitRequest, but what is not given may be given as undefined. */
type Request = Omit<FitRequest, Optional> & { readonly [Name in Optional]: FitRequest[Name] | undefined }

export async function fitOrFault(family: Family, request: Request): Promise<Result<Fitted, FitFault>> {
  const { settings, backend, monitor, ...rest } = request
  const asking = rest.shape.heads.find((head) => !keeps(family, head))
  if (asking !== undefined) return fail({ code: 'not_monotone', family: family.name, task: asking.task })
  try {
    const fitted = await family.fit({
      ...rest,
      ...(settings !== undefined && { settings }),
      ...(backend !== undefined && { backend }),
      ...(monitor !== undefined && { monitor }),
    })
    return succeed(fitted)
  } catch (error) {
    if (error instanceof FitError) return fail(error.fault)
    throw error
  }
}
