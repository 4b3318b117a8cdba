import { join } from 'node:path'
import { defineConfig } from 'vite'
import { slim } from './slim.ts'

const root = join(import.meta.dirname, '..', '..')

export default defineConfig({
  root: import.meta.dirname,
  base: './',
  plugins: [slim()],
  // Without "development": the same code that is published.
  resolve: { conditions: ['module', 'browser', 'production'] },
  // A model's worker loads the library that it runs on by itself, as a file of its own.
  worker: { format: 'es' },
  build: {
    outDir: join(root, 'dist', 'web'),
    emptyOutDir: true,
    target: 'es2024',
    modulePreload: false,
    copyPublicDir: false
  }
})
