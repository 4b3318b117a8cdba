/** Names of the suites in a page: of graphs there. */
export const onProcessor = 'onnxruntime-web on the processor'
export const onCard = 'onnxruntime-web on a graphics card'
/** A test of those suites. On a card it is not so: onnxruntime-web 1.30 comes back from no run that follows one that failed. */
export const afterFailure = 'a run that fails takes no other run along'
