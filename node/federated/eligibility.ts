import type { Task } from './task.ts'
import type { ConsentState } from './consents.ts'

/** `unknown`: this device cannot tell. */
export type Power = 'mains' | 'battery' | 'unknown'
export type Network = 'unmetered' | 'metered' | 'unknown'

/** What a device can say of itself now; each is asked anew at every look. */
export type Circumstances = {
  /** Milliseconds since somebody asked it something; Infinity where nobody did since it started. */
  idleMs(): number | Promise<number>
  power(): Power | Promise<Power>
  network(): Network | Promise<Network>
  /** That it could learn from, as what is held back is not. */
  examples(): number | Promise<number>
  consent(task: Task): ConsentState | Promise<ConsentState>
  /** More uploads of this noise that the budget allows; undefined where the task has none. */
  uploadsLeft(task: Task): number | undefined | Promise<number | undefined>
}

/** What a person allows on this device. `assume`: what to take for true where the device cannot tell; without it the device stays out and says so. */
export type EligibilitySettings = {
  readonly idleMinutes: number
  readonly onBattery: boolean
  readonly onMetered: boolean
  readonly assume: { readonly power?: 'mains' | 'battery' | undefined; readonly network?: 'unmetered' | 'metered' | undefined }
}
export const defaultEligibility: EligibilitySettings = { idleMinutes: 10, onBattery: false, onMetered: false, assume: {} }

/** In the order in which they are looked at. */
export const ineligibilities = ['NoConsent', 'ConsentChanged', 'TaskLeft', 'NotIdle', 'OnBattery', 'PowerUnknown', 'MeteredNetwork', 'NetworkUnknown', 'TooFewExamples', 'BudgetSpent'] as const
/** `WrongModel`: another model is in use than the one of the terms, which is looked at before all of them (round-policy.ts). */
export type Ineligibility = (typeof ineligibilities)[number] | 'WrongModel'
/** `text`: a sentence for the person, and what would change it. */
export type Refusal = { readonly name: Ineligibility; readonly text: string }
export type Verdict = { readonly eligible: boolean; readonly refusals: readonly Refusal[] }

/**
 * Looks at the device as it is now. A round asks when it joins, and again when it is about to send: the answer of before counts for nothing then. All that speaks against it is named, not only the first.
 * What `circumstances` throws is passed on: a device that cannot read its consent or its ledger takes no part.
 */
export async function eligibility(task: Task, settings: EligibilitySettings, circumstances: Circumstances): Promise<Verdict> {
  const consent = consentRefusal(await circumstances.consent(task), task)
  // Without a yes nothing else is looked at: not even examples are counted for a task that nobody agreed to.
  if (consent) return { eligible: false, refusals: [consent] }
  const [idleMs, power, network, examples, uploadsLeft] = await Promise.all([circumstances.idleMs(), circumstances.power(), circumstances.network(), circumstances.examples(), circumstances.uploadsLeft(task)])
  const refusals = [
    idleRefusal(idleMs, settings), powerRefusal(power, settings), networkRefusal(network, settings), examplesRefusal(examples, task), budgetRefusal(uploadsLeft, task)
  ].filter(refusal => refusal !== undefined)
  return { eligible: refusals.length === 0, refusals }
}

function consentRefusal(state: ConsentState, { name }: Task): Refusal | undefined {
  if (state === 'none') return { name: 'NoConsent', text: `Nobody on this device agreed to "${name}": look at it with kinmesh federated join.` }
  if (state === 'changed') return { name: 'ConsentChanged', text: `The terms of "${name}" have changed since somebody agreed to them: look at them again with kinmesh federated join.` }
  if (state === 'left') return { name: 'TaskLeft', text: `This device left "${name}": kinmesh federated join takes part again.` }
  return undefined
}

function idleRefusal(idleMs: number, { idleMinutes }: EligibilitySettings): Refusal | undefined {
  // Written so that NaN is not idle.
  if (idleMs >= idleMinutes * 60_000) return undefined
  return { name: 'NotIdle', text: `Somebody asked this device something in the last ${idleMinutes} minutes: it takes part when it is left alone.` }
}

function powerRefusal(power: Power, { onBattery, assume }: EligibilitySettings): Refusal | undefined {
  if (onBattery) return undefined
  const taken = power === 'unknown' ? assume.power : power
  if (taken === 'mains') return undefined
  if (taken === 'battery') return { name: 'OnBattery', text: 'This device runs on its battery: plug it in, or allow it to take part on battery.' }
  return { name: 'PowerUnknown', text: 'This device cannot tell whether it is plugged in: say that it is, or allow it to take part on battery.' }
}

function networkRefusal(network: Network, { onMetered, assume }: EligibilitySettings): Refusal | undefined {
  if (onMetered) return undefined
  const taken = network === 'unknown' ? assume.network : network
  if (taken === 'unmetered') return undefined
  if (taken === 'metered') return { name: 'MeteredNetwork', text: 'The network of this device costs by what is sent: join another one, or allow it to take part on a metered network.' }
  return { name: 'NetworkUnknown', text: 'This device cannot tell whether its network costs by what is sent: say that it does not, or allow it to take part on a metered network.' }
}

function examplesRefusal(found: number, { examples }: Task): Refusal | undefined {
  if (found >= examples.least) return undefined
  return { name: 'TooFewExamples', text: `This device has ${found} ${found === 1 ? 'example' : 'examples'} to learn from, and the task wants ${examples.least}: it takes part once more was said.` }
}

function budgetRefusal(uploadsLeft: number | undefined, { privacy }: Task): Refusal | undefined {
  if (!privacy || (uploadsLeft ?? 0) >= 1) return undefined
  return { name: 'BudgetSpent', text: `The privacy budget of this task, ε = ${privacy.budget.epsilon}, is spent on this device: it gives nothing more away, and may leave the task.` }
}
