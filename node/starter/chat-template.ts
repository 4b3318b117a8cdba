/** Tokens of the template, in the order of their ids from 0. The first one pads. */
export const specialTokens = ['<|endoftext|>', '<|im_start|>', '<|im_end|>'] as const
/** Marks around a call: no special tokens, since they are read by what looks for calls. */
export const callMarks = ['<tool_call>', '</tool_call>'] as const

/**
 * ChatML. Tools are told by name and parameters only, in one line, as `set_timer(duration, label?)`: a context of 512 tokens has no room for schemas, which hold the arguments anyway,
 * and a model of this size chooses by names. Calls are in the form of Hermes.
 */
export const chatTemplate = [
  `{%- if tools %}{{ '<|im_start|>system\\nTools:' }}`,
  `{%- for tool in tools %}{{ ' ' + tool.function.name + '(' }}`,
  `{%- for key in tool.function.parameters.properties %}{{ key }}{% if key not in (tool.function.parameters.required or []) %}{{ '?' }}{% endif %}{% if not loop.last %}{{ ', ' }}{% endif %}{% endfor %}{{ ')' }}{% endfor %}`,
  `{{- '\\n' }}{% endif %}`,
  `{%- for message in messages %}`,
  `{%- if not (tools and loop.first and message.role == 'system') %}{% if tools and loop.first %}{{ '<|im_end|>\\n' }}{% endif %}{{ '<|im_start|>' + message.role + '\\n' }}{% endif %}{{ message.content }}`,
  `{%- for call in message.tool_calls or [] %}{{ '<tool_call>{"name": ' + (call.function.name | tojson) + ', "arguments": ' + (call.function.arguments | tojson) + '}</tool_call>' }}{% endfor %}`,
  `{{- '<|im_end|>\\n' }}{% endfor %}`,
  `{%- if add_generation_prompt %}{{ '<|im_start|>assistant\\n' }}{% endif %}`
].join('')
