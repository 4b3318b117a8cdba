import { loadCertificate } from '../../mesh/certificate.ts'
import { isKinmeshError } from '../../mesh/errors.ts'
import type { Home } from '../home.node.ts'
import { fail, ok, warn, type Check } from './check.ts'

/**
 * Whether pages find this device where they found it before: the address that they dial holds the hash of its certificate.
 * @param addrs of the running device; undefined when it does not run
 */
export async function checkCertificate(home: Home, file: string, addrs: readonly string[] | undefined): Promise<Check> {
  const bytes = home.read(file)
  if (!bytes) return addrs ? warn('certificate', 'there is no certificate file, so the address for browsers changes at each start', `check that ${home.path(file)} can be written, and start again`) : ok('certificate', 'made when this device first runs')
  try {
    // Read only: what is stored is never replaced by looking at it.
    const { certhash } = await loadCertificate({ load: async () => bytes, save: async () => {} }, Date.now())
    const announced = addrs?.find(addr => addr.includes('/certhash/'))
    if (announced && !announced.includes(certhash)) return warn('certificate', 'the certificate file is not the one that this device runs with', 'start this device again; pages that know the former address need a new invite')
    return ok('certificate', 'the address for browsers stays the same over restarts')
  } catch (error) {
    if (!isKinmeshError(error, 'BadCertificate')) throw error
    return fail('certificate', `${home.path(file)} is damaged`, 'remove it and start again: a new one is made, and pages that know the former address need a new invite')
  }
}
