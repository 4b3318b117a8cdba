import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { folderFiles } from '../../model/file-source.node.ts'
import { badModelFile } from '../../model/model-errors.ts'
import { openTensors } from '../../model/safetensors.ts'
import type { Parameter } from '../../train/objective.ts'
import type { Evaluation, StepRecord } from '../../train/trainer/record.ts'

/** What a training made, and every step of it. */
export type Earlier = { readonly parameters: Float32Array; readonly trained: readonly StepRecord[]; readonly evaluated: readonly Evaluation[] }

/**
 * What `starter:train` left in a folder, its model without rounding. A checkpoint belongs to the examples it was made with; this may be gone on with after the generator changed.
 * @throws KinmeshError `BadModelFile`: not there, or of another shape
 */
export async function readEarlier(dir: string, parameters: readonly Parameter[]): Promise<Earlier> {
  const files = folderFiles(join(dir, 'published'))
  try {
    const tensors = await openTensors(name => files.open(name))
    const rows = await Promise.all(parameters.map(async ({ name, shape }) => {
      const found = tensors.info(name).shape
      if (found.join() !== shape.join()) throw badModelFile(`${name} in ${dir} is [${found.join(', ')}], and the recipe's [${shape.join(', ')}]: begin anew`)
      return tensors.readRows(name, 0, found[0] ?? 1)
    }))
    const flat = new Float32Array(rows.reduce((sum, { length }) => sum + length, 0))
    let at = 0
    for (const values of rows) {
      flat.set(values, at)
      at += values.length
    }
    const lines = (await readFile(join(dir, 'steps.jsonl'), 'utf8')).trimEnd().split('\n').map(line => JSON.parse(line) as StepRecord | { step: number; holdout: number })
    return {
      parameters: flat,
      trained: lines.flatMap(line => ('holdout' in line ? [] : [line])),
      evaluated: lines.flatMap(line => ('holdout' in line ? [{ step: line.step, loss: line.holdout }] : []))
    }
  } finally {
    await files.close()
  }
}
