/** What we use of @mlc-ai/web-xgrammar (Apache-2.0; Dong et al. 2024, arXiv:2411.15100). Everything in it may end the whole instance: then it is thrown away. */
export type GrammarLibrary = Pick<typeof import('@mlc-ai/web-xgrammar'), 'Grammar' | 'GrammarCompiler' | 'GrammarMatcher' | 'TokenizerInfo'>
