import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { rejects } from '../../../tools/assert.ts'
import { failsWith } from '../../testing/throws.ts'
import { manifestOf, sha256Of } from './model.fixtures.ts'
import { modelId, type Manifest } from './manifest.ts'
import type { ModelStore, Staging, StoredModel } from './store.ts'

/** A store under test, and a hand that reaches into its folders. */
export type OpenedModelStore = {
  readonly store: ModelStore
  /** The same again, as another program or the next start would open it. */
  reopen(): Promise<ModelStore>
  write(dir: string, path: string, content: string | Uint8Array): Promise<void>
  /** Undefined when there is none. */
  read(dir: string, path: string): Promise<string | undefined>
  /** From now on, so many bytes are free. */
  setFree(bytes: number): void
  destroy(): Promise<void>
}

type Files = Readonly<Record<string, string | Uint8Array>>

/** Puts files into a staging room and adds them. */
export async function addModel({ store, write }: OpenedModelStore, files: Files, more: Partial<Manifest> = {}): Promise<StoredModel> {
  const staging = await store.stage()
  try {
    await fill({ write }, staging, files)
    return await store.add(staging, manifestOf(files, more))
  } finally {
    await staging.release()
  }
}

async function fill({ write }: Pick<OpenedModelStore, 'write'>, { dir }: Staging, files: Files): Promise<void> {
  for (const [path, content] of Object.entries(files)) await write(dir, path, content)
}

const names = async (store: ModelStore) => (await store.list()).models.map(({ manifest }) => manifest.name)

/** What every store of models does, wherever it lies. */
export function modelStoreContract(name: string, open: () => Promise<OpenedModelStore>): void {
  const test = suite(name)
  const check = (what: string, run: (opened: OpenedModelStore) => Promise<void>) =>
    test(what, async () => {
      const opened = await open()
      try {
        await run(opened)
      } finally {
        await opened.destroy()
      }
    })

  check('holds nothing at first', async ({ store }) => {
    assert.equal(await store.list(), { models: [], broken: [] })
    assert.is(await store.current(), undefined)
    await failsWith('UnknownModelName', () => store.find('tiny'))
    await failsWith('UnknownModelName', () => store.open('tiny'))
    await failsWith('UnknownModelName', () => store.use('tiny'))
    await failsWith('UnknownModelName', () => store.remove('tiny'))
    await failsWith('UnknownModelName', () => store.verify('tiny'))
  })

  check('what was added is there, whole, at the next start too', async opened => {
    const files = { 'config.json': '{}', 'onnx/model.onnx': 'weights', 'empty.txt': '' }
    const added = await addModel(opened, files)
    assert.is(added.id, modelId(manifestOf(files)))
    for (const store of [opened.store, await opened.reopen()]) {
      assert.equal((await store.list()).models.map(({ id, manifest }) => [id, manifest.name, manifest.files.length]), [[added.id, 'someone/tiny', 3]])
      const found = await store.find('tiny')
      for (const [path, content] of Object.entries(files)) assert.is(await opened.read(found.dir, path), content)
      assert.equal(await store.verify(found.id), [])
    }
  })

  check('models are listed by name, newest first', async opened => {
    await addModel(opened, { a: '1' }, { name: 'b/two', madeAt: 1 })
    const newer = await addModel(opened, { a: '2' }, { name: 'b/two', madeAt: 2 })
    await addModel(opened, { a: '3' }, { name: 'A/one' })
    const { models } = await opened.store.list()
    assert.equal(models.map(({ manifest }) => manifest.name), ['A/one', 'b/two', 'b/two'])
    assert.is(models[1]?.id, newer.id)
    assert.is((await opened.store.find(newer.id.slice(0, 8))).id, newer.id)
    await failsWith('AmbiguousModelName', () => opened.store.find('two'))
  })

  check('the same files again are the model that is there, whatever they are called', async opened => {
    const first = await addModel(opened, { a: '1' }, { name: 'x/first' })
    assert.equal(await addModel(opened, { a: '1' }, { name: 'x/second', madeAt: 1 }), first)
    assert.equal(await names(opened.store), ['x/first'])
  })

  check('what is not as the manifest says is not added, and stays for a second try', async opened => {
    const { store, write } = opened
    const files = { 'config.json': '{}', 'a/weights': 'right' }
    const manifest = manifestOf(files)
    const staging = await store.stage()
    const refused = async (code: string, given: Manifest = manifest) => {
      await failsWith(code, () => store.add(staging, given))
      assert.equal(await names(store), [])
    }
    await refused('WrongFiles')
    await fill(opened, staging, { ...files, 'a/weights': 'wrong' })
    await refused('WrongHash')
    await fill(opened, staging, { ...files, 'a/weights': 'longer' })
    await refused('WrongFiles')
    await fill(opened, staging, { ...files, 'a/more': '' })
    await refused('WrongFiles')
    await refused('BadManifest', { ...manifest, files: [{ path: '../config.json', bytes: 2, sha256: sha256Of('{}') }] })
    await staging.discard()
    const again = await store.stage()
    await fill(opened, again, files)
    await write(again.workDir, 'notes', 'of no use in the model')
    const { dir } = await store.add(again, manifest)
    assert.is(await opened.read(dir, 'notes'), undefined)
    await again.release()
    assert.equal(await names(store), ['someone/tiny'])
  })

  check('a staging room with a key is there again, for one at a time; without one it is gone', async opened => {
    const { store } = opened
    const other = await opened.reopen()
    const keyed = await store.stage('pull a')
    await fill(opened, keyed, { half: 'a' })
    await opened.write(keyed.workDir, 'part', 'b')
    await failsWith('ModelBusy', () => other.stage('pull a'))
    const elsewhere = await other.stage('pull b')
    assert.is.not(elsewhere.dir, keyed.dir)
    await elsewhere.release()
    await keyed.release()
    const again = await other.stage('pull a')
    assert.equal([await opened.read(again.dir, 'half'), await opened.read(again.workDir, 'part')], ['a', 'b'])
    await again.discard()
    const empty = await store.stage('pull a')
    assert.is(await opened.read(empty.dir, 'half'), undefined)
    await empty.release()
    const single = await store.stage()
    await fill(opened, single, { half: 'a' })
    await single.release()
    await single.release() // twice is as once
    assert.is(await opened.read(single.dir, 'half'), undefined)
  })

  check('the model in use is remembered, and not removed by mistake', async opened => {
    const { store } = opened
    const [one, two] = [await addModel(opened, { a: '1' }, { name: 'x/one' }), await addModel(opened, { a: '2' }, { name: 'x/two' })]
    await store.use('one')
    assert.is((await store.current())?.id, one.id)
    await failsWith('ModelInUse', () => store.remove('one'))
    const next = await opened.reopen()
    assert.equal(await next.current(), one)
    await next.use(two.id.slice(0, 10))
    assert.is((await store.current())?.id, two.id)
    assert.equal(await store.remove('one'), { id: one.id, name: 'x/one' })
    assert.equal(await store.remove('two', { force: true }), { id: two.id, name: 'x/two' })
    assert.is(await store.current(), undefined)
    assert.equal(await names(next), [])
    await failsWith('UnknownModelName', () => store.use('one'))
  })

  check('a model that writes and one that makes vectors are in use beside each other', async opened => {
    const { store } = opened
    const [writer, encoder] = [await addModel(opened, { a: '1' }, { name: 'x/writer' }), await addModel(opened, { a: '2' }, { name: 'x/encoder', kind: 'encoder' })]
    await store.use('encoder')
    assert.equal([await store.current(), (await store.current('encoder'))?.id], [undefined, encoder.id])
    await store.use('writer')
    const next = await opened.reopen()
    assert.equal([(await next.current('decoder'))?.id, (await next.current('encoder'))?.id], [writer.id, encoder.id])
    await failsWith('ModelInUse', () => store.remove('encoder'))
    await store.remove('encoder', { force: true })
    assert.equal([(await store.current())?.id, await store.current('encoder')], [writer.id, undefined])
  })

  check('a model that somebody has open stays, until all have let it go', async opened => {
    const other = await opened.reopen()
    await addModel(opened, { a: '1' })
    const [one, two] = [await opened.store.open('tiny'), await other.open('tiny')]
    await failsWith('ModelInUse', () => other.remove('tiny'))
    one.release()
    await failsWith('ModelInUse', () => opened.store.remove('tiny'))
    assert.is(await opened.read(two.dir, 'a'), '1')
    two.release()
    await opened.store.remove('tiny')
    await addModel(opened, { a: '1' })
    const held = await opened.store.open('tiny')
    await other.remove('tiny', { force: true })
    held.release()
    assert.equal(await names(opened.store), [])
  })

  check('damage is found, named, and mended by adding the model again', async opened => {
    const { store } = opened
    const files = { a: '12345', b: '6', c: '7' }
    const { dir, id } = await addModel(opened, files)
    await store.use('tiny')
    await opened.write(dir, 'a', '1234X')
    assert.equal((await store.verify('tiny')).map(({ path }) => path), ['a'])
    await opened.write(dir, 'b', '66')
    assert.equal((await store.verify('tiny')).map(({ path }) => path).sort(), ['a', 'b'])
    for (const work of [() => store.open('tiny'), () => store.use('tiny'), () => store.current()]) assert.match((await failsWith('ModelDamaged', work)).message, 'b has 2 bytes, not 1')
    await addModel(opened, files)
    assert.equal(await store.verify('tiny'), [])
    assert.is((await store.current())?.id, id)
  })

  check('a broken manifest hides no other model, and can be removed', async opened => {
    const { store } = opened
    const [bad, newer, strange] = [await addModel(opened, { a: '1' }, { name: 'x/bad' }), await addModel(opened, { a: '2' }, { name: 'x/newer' }), await addModel(opened, { a: '3' }, { name: 'x/strange' })]
    await addModel(opened, { a: '4' }, { name: 'x/good' })
    await opened.write(bad.dir, 'manifest.json', '{')
    await opened.write(newer.dir, 'manifest.json', '{"format":2}')
    await opened.write(strange.dir, 'manifest.json', (await opened.read((await store.find('good')).dir, 'manifest.json')) ?? '')
    const { models, broken } = await store.list()
    assert.equal(models.map(({ manifest }) => manifest.name), ['x/good'])
    assert.equal(new Map(broken.map(({ id, problem }) => [id, /JSON|newer|other files/.exec(problem)?.[0]])), new Map([[bad.id, 'JSON'], [newer.id, 'newer'], [strange.id, 'other files']]))
    await failsWith('ModelDamaged', () => store.find(bad.id))
    await addModel(opened, { a: '1' }, { name: 'x/bad' })
    assert.equal(await store.remove(newer.id.slice(0, 12)), { id: newer.id, name: null })
    await store.remove(strange.id)
    assert.equal([await names(store), (await store.list()).broken], [['x/bad', 'x/good'], []])
  })

  check('work can be stopped, and tells how far it is', async opened => {
    const files = { a: 'x'.repeat(1000), b: 'y'.repeat(500) }
    const { store } = opened
    let bytes = 0
    const staging = await store.stage()
    await fill(opened, staging, files)
    const stop = new AbortController()
    const reason = await rejects(() => store.add(staging, manifestOf(files), { signal: stop.signal, onBytes: () => stop.abort(new Error('enough')) }))
    assert.ok(reason instanceof Error && reason.message === 'enough', String(reason))
    assert.equal(await names(store), [])
    await store.add(staging, manifestOf(files), { onBytes: more => void (bytes += more) })
    assert.is(bytes, 1500)
    await staging.release()
  })

  check('a full disk is told before the work, with how much is missing', async ({ store, setFree }) => {
    setFree(1000 * 1024 * 1024)
    await store.ensureSpace(500 * 1024 * 1024)
    assert.match((await failsWith('DiskFull', () => store.ensureSpace(1000 * 1024 * 1024))).message, /1000 MiB free.*free 128 MiB/)
    setFree(0)
    await store.ensureSpace(0)
  })
  test.run()
}
