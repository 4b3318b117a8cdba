import { test } from 'uvu'
import { openOrtSession } from './ort-session.node.ts'
import { sessionContract } from './session.contract.ts'
import { openStockSession } from './stock-session.node.ts'

sessionContract('the C API', openOrtSession)
sessionContract('the binding', openStockSession)

test.run()
