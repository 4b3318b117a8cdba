import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { Random } from '../../../sync/random.fixtures.ts'
import { createCallStream } from './call-stream.ts'
import { type ToolConvention, parseToolCalls } from './tool-calls.ts'

const call = '{"name": "f", "arguments": {"a": "</tool_call> [TOOL_CALLS]"}}'
const texts: [ToolConvention, string, string][] = [
  ['hermes', ` Let me see.\n\n<tool_call>\n${call}\n</tool_call>`, 'Let me see.'],
  ['hermes', `<tool_call>${call}</tool_call> and <tool_call>${call}</tool_call> done `, 'and  done'],
  ['hermes', 'a < b <tool <tool_cal> c', 'a < b <tool <tool_cal> c'],
  ['hermes', '  only <text> ', 'only <text>'],
  ['hermes', 'then <tool_call>{"name": ', 'then'],
  ['llama', `{"name": "f", "parameters": {}} That is all.`, 'That is all.'],
  ['llama', ' {"answer": 5}', '{"answer": 5}'],
  ['llama', `Well.<|python_tag|>${call}`, 'Well.'],
  ['llama', 'no {"name": "f", "parameters": {}}', 'no {"name": "f", "parameters": {}}'],
  ['mistral', `First. [TOOL_CALLS]f[ARGS]{}[TOOL_CALLS] [${call}]`, 'First.'],
  ['mistral', '\n', '']
]

test('wherever it is cut, all pieces together are the text without calls, and no piece says anything of a call', () => {
  const random = new Random(1)
  for (const [convention, text, expected] of texts) {
    for (let round = 0; round < 30; round++) {
      const stream = createCallStream(convention)
      const pieces: string[] = []
      for (let at = 0; at < text.length; ) {
        const length = 1 + random.below(round < 5 ? 2 : 12)
        pieces.push(stream.push(text.slice(at, at + length)))
        at += length
      }
      const { piece, found } = stream.end()
      assert.is([...pieces, piece].join(''), expected, text)
      assert.equal(found, parseToolCalls(text, convention))
      for (const each of pieces) assert.not(/tool_c(?!al>)|arguments|TOOL|python|parameters(?!.*no )/.test(each) && !text.startsWith('no'), `${text}: ${each}`)
    }
  }
})

test('text before a call is given out while it is written', () => {
  const stream = createCallStream('hermes')
  assert.equal(['Let', ' me ', 'see', '.\n<tool', '_call>{', '"name"'].map(piece => stream.push(piece)), ['Let', ' me', ' see', '.', '', ''])
})

test.run()
