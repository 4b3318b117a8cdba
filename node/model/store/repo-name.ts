import { KinmeshError } from '../../../mesh/errors.ts'

export const defaultEndpoint = 'https://huggingface.co'
const maxPartLength = 96
const part = /^[A-Za-z0-9_](?:[A-Za-z0-9._-]*[A-Za-z0-9_])?$/

/**
 * A model of a hub as `owner/name`, or as `name` alone for the few old ones, by the rules of huggingface_hub (validate_repo_id), for ASCII only. What passes can stand in
 * the path of an address as it is.
 * @throws KinmeshError `BadModelName`
 */
export function checkRepo(given: string): string {
  const parts = given.split('/')
  const isGood = parts.length <= 2 && parts.every(each => part.test(each) && each.length <= maxPartLength && !/--|\.\.|\.(git|ipynb)$/.test(each))
  if (!isGood) throw new KinmeshError('BadModelName', `${JSON.stringify(given.slice(0, 200))} is no name of a model on a hub: give it as OWNER/NAME, for example Qwen/Qwen2.5-0.5B-Instruct`)
  return given
}

/** A branch, tag or commit. @throws KinmeshError `BadRevision` */
export function checkRevision(given: string): string {
  const isGood = given.length <= 128 && given.split('/').every(each => /^[A-Za-z0-9_][A-Za-z0-9._+-]*$/.test(each) && !each.includes('..'))
  if (!isGood) throw new KinmeshError('BadRevision', `${JSON.stringify(given.slice(0, 200))} is no revision: give a branch, a tag or a commit`)
  return given
}

/** Where a hub answers: its origin and the path before /api, without a slash at the end. @throws KinmeshError `BadEndpoint` */
export function checkEndpoint(given: string, token: string | undefined): string {
  const url = URL.parse(given)
  if (!url || !['https:', 'http:'].includes(url.protocol) || url.username !== '' || url.password !== '' || url.search !== '' || url.hash !== '') {
    throw new KinmeshError('BadEndpoint', `${JSON.stringify(given.slice(0, 200))} is no address of a hub: give one like https://huggingface.co in HF_ENDPOINT, without name and password`)
  }
  if (token !== undefined && url.protocol === 'http:' && !isLoopback(url.hostname)) {
    throw new KinmeshError('BadEndpoint', `${url.origin} would get HF_TOKEN in the clear: use https, or unset HF_TOKEN`)
  }
  return `${url.origin}${url.pathname}`.replace(/\/+$/, '')
}

function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '[::1]' || /^127(\.\d{1,3}){3}$/.test(host)
}
