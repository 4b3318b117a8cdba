#!/usr/bin/env node
import { main } from './cli.node.ts'

await main()
