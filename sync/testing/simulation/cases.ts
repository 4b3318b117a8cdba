import type { Schedule } from './schedule.ts'

type Case = { readonly found: string; readonly schedule: Schedule }

const calm: Omit<Schedule, 'steps' | 'devices'> = { seed: 1, checkpointEvery: 512, housekeepingMs: 3_000, windowBytes: 256 * 1024, delayMs: 2, jitterMs: 3 }

/** Schedules that once failed, cut down to what matters, with what was wrong. They run with every test, whatever the seeds mean by then. */
export const cases: readonly Case[] = [
  {
    found: 'a device that was added while another one made a new key was never given that key',
    schedule: {
      ...calm, devices: 3,
      steps: [
        { do: 'cut', device: 0, peer: 1, after: 3_000 }, { do: 'removeDevice', device: 0, peer: 2, after: 500 }, { do: 'add', device: 1, items: 1, after: 2_000 },
        { do: 'write', device: 0, count: 1, bytes: 10, after: 500 }, { do: 'heal', device: 0, peer: 1, after: 5_000 }
      ]
    }
  },
  {
    found: 'news of the membership that met a full disk was neither stored nor acted on later',
    schedule: {
      ...calm, devices: 3,
      steps: [
        { do: 'fillDisk', device: 1, full: true, after: 100 }, { do: 'add', device: 0, items: 1, after: 5_000 }, { do: 'fillDisk', device: 1, full: false, after: 1_000 }
      ]
    }
  },
  {
    found: 'what was sealed with the key of a removal that turned out to be void stayed closed to the device that was not removed after all',
    schedule: {
      ...calm, devices: 4,
      steps: [
        { do: 'write', device: 0, count: 1, bytes: 10, after: 3_000 }, { do: 'partition', mask: 0b0110, after: 3_000 }, { do: 'removeDevice', device: 1, peer: 0, after: 3_000 },
        { do: 'write', device: 2, count: 1, bytes: 10, after: 500 }, { do: 'removeDevice', device: 0, peer: 1, after: 3_000 }, { do: 'healAll', after: 5_000 }
      ]
    }
  },
  {
    found: 'frames that were lost took the room of their channel along, and what was larger than the rest waited for ever (a fault of the simulator)',
    schedule: {
      ...calm, seed: 30, devices: 3, windowBytes: 2_000,
      steps: [
        { do: 'tamper', device: 57, peer: 41, fault: 'lost', frames: 1, after: 1_873 }, { do: 'write', device: 46, count: 30, bytes: 23, after: 19 }, { do: 'stop', device: 61, after: 377 },
        { do: 'removeDevice', device: 50, peer: 34, after: 6 }, { do: 'tamper', device: 23, peer: 63, fault: 'lost', frames: 4, after: 3 },
        { do: 'remove', device: 41, item: 9, count: 1, after: 16 }, { do: 'write', device: 32, count: 3, bytes: 34, after: 216 }
      ]
    }
  },
  {
    found: 'two devices held two branches of the log of a third, which came back from a backup, and never agreed again',
    schedule: {
      ...calm, devices: 3,
      steps: [
        { do: 'write', device: 2, count: 1, bytes: 10, after: 3_000 }, { do: 'backup', device: 2, after: 0 }, { do: 'cut', device: 2, peer: 0, after: 0 }, { do: 'cut', device: 0, peer: 1, after: 3_000 },
        { do: 'write', device: 2, count: 3, bytes: 10, after: 3_000 }, { do: 'edit', device: 2, item: 0, bytes: 10, after: 3_000 }, { do: 'stop', device: 1, after: 1_000 },
        { do: 'restore', device: 2, after: 1_000 }, { do: 'start', device: 2, after: 3_000 },
        { do: 'write', device: 2, count: 1, bytes: 10, after: 5_000 }, { do: 'write', device: 2, count: 2, bytes: 10, after: 5_000 }
      ]
    }
  },
  {
    found: 'a device that its mesh had lost with the one that admitted it was not paired again: who belongs to it follows from all that is known, not from what the best informed one has heard',
    schedule: {
      ...calm, seed: 1_863_280_895, devices: 4,
      steps: [{ do: 'removeDevice', device: 19, peer: 45, after: 2 }, { do: 'stop', device: 28, after: 23 }, { do: 'removeDevice', device: 2, peer: 51, after: 1 }]
    }
  },
  {
    found: 'what a device wrote with the key of a removal that turned out to be void, after that removal had let it in, stayed closed to those who let it in again',
    schedule: {
      ...calm, seed: 1_221_664_149, devices: 2, housekeepingMs: 200, delayMs: 0, jitterMs: 0,
      steps: [
        { do: 'restore', device: 30, after: 91 }, { do: 'write', device: 31, count: 3, bytes: 16_863, after: 20 }, { do: 'removeDevice', device: 30, peer: 37, after: 7 },
        { do: 'write', device: 49, count: 1, bytes: 62, after: 7 }, { do: 'write', device: 51, count: 1, bytes: 61, after: 2 }, { do: 'add', device: 4, items: 4, after: 12 },
        { do: 'clock', device: 14, ms: 2_241, after: 362 }, { do: 'heal', device: 29, peer: 4, after: 15 }, { do: 'crash', device: 35, kept: 1, midCommit: true, after: 10 },
        { do: 'loseTail', device: 45, commits: 5, after: 8 }, { do: 'removeDevice', device: 38, peer: 1, after: 16 }, { do: 'add', device: 23, items: 2, after: 9 }
      ]
    }
  },
  {
    found: 'the same, with the device that made the key gone',
    schedule: {
      ...calm, seed: 1_207_226_477, devices: 3, checkpointEvery: 30, delayMs: 0, jitterMs: 0,
      steps: [
        { do: 'removeDevice', device: 55, peer: 36, after: 1 }, { do: 'write', device: 45, count: 2, bytes: 5, after: 4_479 }, { do: 'start', device: 60, after: 9 },
        { do: 'crash', device: 22, kept: 0.5, midCommit: false, after: 19 }, { do: 'loseTail', device: 53, commits: 16, after: 195 },
        { do: 'removeDevice', device: 48, peer: 15, after: 162 }, { do: 'write', device: 24, count: 2, bytes: 35, after: 4 },
        { do: 'crash', device: 25, kept: 0.5, midCommit: false, after: 446 }, { do: 'delay', device: 46, peer: 4, ms: 100, after: 2_596 }, { do: 'cut', device: 15, peer: 61, after: 19 },
        { do: 'add', device: 34, items: 1, after: 1 }, { do: 'write', device: 38, count: 1, bytes: 50, after: 2_754 }
      ]
    }
  },
  {
    found: 'a device that came back from before it met the others wrote, summed up and pruned, and its summary took the place of what they had of its log',
    schedule: {
      ...calm, seed: 2_147_483_636, devices: 2, checkpointEvery: 12, delayMs: 20, jitterMs: 0,
      steps: [
        { do: 'start', device: 5, after: 156 }, { do: 'heal', device: 60, peer: 18, after: 15 }, { do: 'add', device: 29, items: 3, after: 17 },
        { do: 'edit', device: 18, item: 56, bytes: 18, after: 6 }, { do: 'write', device: 4, count: 3, bytes: 50, after: 8 },
        { do: 'write', device: 44, count: 1, bytes: 6, after: 59_111 }, { do: 'write', device: 20, count: 2, bytes: 64, after: 20 },
        { do: 'crash', device: 1, kept: 0, midCommit: true, after: 14 }, { do: 'remove', device: 37, item: 30, count: 1, after: 333 },
        { do: 'loseTail', device: 15, commits: 10, after: 7 }, { do: 'start', device: 56, after: 193 }, { do: 'write', device: 12, count: 36, bytes: 21_587, after: 267 }
      ]
    }
  },
  {
    found: 'the one device that held what the disk of another had lost was removed by that one: nobody left can have it (a fault of the simulator)',
    schedule: {
      ...calm, seed: 2_147_483_622, devices: 2, housekeepingMs: 30_000, delayMs: 0, jitterMs: 0,
      steps: [
        { do: 'write', device: 45, count: 1, bytes: 60, after: 2 }, { do: 'write', device: 56, count: 3, bytes: 4, after: 2_411 },
        { do: 'edit', device: 62, item: 62, bytes: 19, after: 3 }, { do: 'write', device: 0, count: 1, bytes: 46, after: 7 }, { do: 'write', device: 18, count: 1, bytes: 3, after: 272 },
        { do: 'edit', device: 42, item: 4, bytes: 12, after: 507 }, { do: 'restore', device: 3, after: 16 }, { do: 'remove', device: 53, item: 61, count: 1, after: 1 },
        { do: 'edit', device: 35, item: 39, bytes: 69, after: 4_998 }, { do: 'edit', device: 1, item: 0, bytes: 53, after: 4_994 },
        { do: 'edit', device: 4, item: 16, bytes: 74, after: 3 }, { do: 'loseTail', device: 26, commits: 12, after: 5 }, { do: 'start', device: 61, after: 17 },
        { do: 'removeDevice', device: 36, peer: 60, after: 1 }
      ]
    }
  },
  {
    found: 'a device lost all that it knew of the one that it shared a mesh with, and was paired with others: what it had written is where it cannot ask (a fault of the simulator)',
    schedule: {
      ...calm, seed: 2_055_167_515, devices: 2, checkpointEvery: 6, delayMs: 0, jitterMs: 0,
      steps: [
        { do: 'fillDisk', device: 13, full: true, after: 304 }, { do: 'remove', device: 60, item: 60, count: 1, after: 55 }, { do: 'rejoin', device: 32, peer: 28, after: 478 },
        { do: 'add', device: 31, items: 5, after: 57_482 }, { do: 'edit', device: 60, item: 55, bytes: 74, after: 379 }, { do: 'edit', device: 23, item: 57, bytes: 27, after: 381 },
        { do: 'write', device: 50, count: 3, bytes: 10_637, after: 2_089 }, { do: 'add', device: 50, items: 2, after: 3_201 },
        { do: 'remove', device: 10, item: 28, count: 1, after: 10 }, { do: 'start', device: 46, after: 12 }, { do: 'edit', device: 59, item: 41, bytes: 16, after: 8 },
        { do: 'edit', device: 61, item: 50, bytes: 17, after: 2_673 }, { do: 'add', device: 49, items: 4, after: 85 }, { do: 'loseTail', device: 17, commits: 14, after: 196 }
      ]
    }
  },
  {
    found: 'of two that removed each other the one that all others had heard of was the void one: who counts by all that is known cannot tell anybody (a fault of the simulator)',
    schedule: {
      ...calm, seed: 407_771_564, devices: 5, checkpointEvery: 3, delayMs: 0, jitterMs: 0,
      steps: [
        { do: 'write', device: 40, count: 1, bytes: 1_014, after: 498 }, { do: 'partition', mask: 220, after: 2_443 }, { do: 'stall', device: 51, peer: 46, after: 505 },
        { do: 'remove', device: 62, item: 40, count: 1, after: 2 }, { do: 'edit', device: 26, item: 61, bytes: 2, after: 16 }, { do: 'edit', device: 51, item: 5, bytes: 67, after: 16 },
        { do: 'removeDevice', device: 1, peer: 40, after: 20 }, { do: 'write', device: 61, count: 3, bytes: 1, after: 7 }, { do: 'sleep', device: 37, ms: 95_928, awayMs: 0, after: 1 },
        { do: 'start', device: 6, after: 20 }, { do: 'stop', device: 3, after: 1_170 }, { do: 'crash', device: 3, kept: 1, midCommit: true, after: 5 },
        { do: 'sleep', device: 62, ms: 11_841, awayMs: 2_678_400_000, after: 1 }, { do: 'removeDevice', device: 2, peer: 0, after: 20 }, { do: 'backup', device: 8, after: 13 },
        { do: 'start', device: 1, after: 25 }, { do: 'clock', device: 40, ms: 27, after: 2 }, { do: 'add', device: 12, items: 1, after: 2_955 }
      ]
    }
  },
  {
    found: 'a full disk met a device just as it began to fetch its own log: it waited for ever for entries that did not fit what it held',
    schedule: {
      ...calm, devices: 2,
      steps: [
        { do: 'write', device: 0, count: 1, bytes: 10, after: 500 }, { do: 'write', device: 0, count: 1, bytes: 10, after: 500 },
        { do: 'write', device: 0, count: 1, bytes: 10, after: 2_000 }, { do: 'cut', device: 0, peer: 1, after: 100 }, { do: 'loseTail', device: 0, commits: 2, after: 100 },
        { do: 'start', device: 0, after: 500 }, { do: 'write', device: 0, count: 1, bytes: 10, after: 500 }, { do: 'fillDisk', device: 0, full: true, after: 100 },
        { do: 'heal', device: 0, peer: 1, after: 5_000 }, { do: 'fillDisk', device: 0, full: false, after: 1_000 }
      ]
    }
  },
  {
    found: 'a third device, which had one branch of a log as a snapshot, gave it to the one that alone held the other',
    schedule: {
      ...calm, devices: 5, checkpointEvery: 3,
      steps: [
        { do: 'edit', device: 0, item: 27, bytes: 69, after: 19 }, { do: 'add', device: 11, items: 2, after: 0 }, { do: 'loseTail', device: 62, commits: 13, after: 12 },
        { do: 'healAll', after: 2_700 }, { do: 'write', device: 19, count: 1, bytes: 9, after: 4_083 }, { do: 'crash', device: 17, kept: 1, midCommit: false, after: 18 },
        { do: 'write', device: 11, count: 2, bytes: 37, after: 173 }, { do: 'crash', device: 12, kept: 0.5, midCommit: true, after: 14 },
        { do: 'edit', device: 19, item: 2, bytes: 55, after: 1_605 }, { do: 'write', device: 19, count: 1, bytes: 17, after: 14 },
        { do: 'delay', device: 63, peer: 59, ms: 400, after: 13 }, { do: 'rejoin', device: 54, peer: 2, after: 12 }, { do: 'backup', device: 34, after: 80_297 },
        { do: 'write', device: 43, count: 2, bytes: 7, after: 19 }, { do: 'loseTail', device: 49, commits: 5, after: 6 }, { do: 'start', device: 7, after: 1 },
        { do: 'edit', device: 47, item: 1, bytes: 42, after: 9 }, { do: 'edit', device: 29, item: 43, bytes: 34, after: 597 }
      ]
    }
  },
  {
    found: 'what one device alone held of a branch was replaced by a snapshot of the other one, from a device that had joined later and could not compare them',
    schedule: {
      ...calm, seed: 410_785_603, devices: 3, checkpointEvery: 3, housekeepingMs: 30_000, windowBytes: 64_000, delayMs: 20,
      steps: [
        { do: 'edit', device: 61, item: 24, bytes: 4, after: 13 }, { do: 'edit', device: 30, item: 37, bytes: 48, after: 422 }, { do: 'start', device: 63, after: 298 },
        { do: 'write', device: 6, count: 2, bytes: 34, after: 3_194 }, { do: 'write', device: 49, count: 2, bytes: 13, after: 415 }, { do: 'start', device: 3, after: 385 },
        { do: 'write', device: 44, count: 2, bytes: 1, after: 25 }, { do: 'write', device: 0, count: 2, bytes: 74, after: 178 },
        { do: 'remove', device: 31, item: 33, count: 1, after: 19 }, { do: 'edit', device: 22, item: 51, bytes: 48, after: 15 }, { do: 'edit', device: 6, item: 28, bytes: 59, after: 11 },
        { do: 'fillDisk', device: 53, full: true, after: 7 }, { do: 'delay', device: 60, peer: 31, ms: 1, after: 315 }, { do: 'stall', device: 40, peer: 35, after: 6 },
        { do: 'write', device: 39, count: 2, bytes: 49, after: 321 }, { do: 'loseTail', device: 63, commits: 16, after: 18 }, { do: 'write', device: 4, count: 1, bytes: 19, after: 255 },
        { do: 'write', device: 26, count: 3, bytes: 12_889, after: 17 }, { do: 'cut', device: 20, peer: 43, after: 1_152 }, { do: 'write', device: 13, count: 1, bytes: 58, after: 19 },
        { do: 'crash', device: 43, kept: 1, midCommit: true, after: 4_590 }, { do: 'remove', device: 18, item: 3, count: 1, after: 167 },
        { do: 'write', device: 46, count: 2, bytes: 1, after: 8 }, { do: 'write', device: 2, count: 3, bytes: 32, after: 9 }, { do: 'heal', device: 53, peer: 50, after: 346 },
        { do: 'crash', device: 61, kept: 0.5, midCommit: true, after: 0 }, { do: 'edit', device: 17, item: 47, bytes: 22, after: 16 }, { do: 'slowDisk', device: 30, ms: 300, after: 16 },
        { do: 'start', device: 45, after: 3_844 }, { do: 'write', device: 54, count: 3, bytes: 18_104, after: 265 }, { do: 'edit', device: 5, item: 21, bytes: 37, after: 244 },
        { do: 'write', device: 31, count: 1, bytes: 25, after: 4_720 }, { do: 'write', device: 9, count: 1, bytes: 5, after: 9 }, { do: 'edit', device: 43, item: 9, bytes: 59, after: 10 },
        { do: 'partition', mask: 122, after: 79_472 }, { do: 'write', device: 50, count: 2, bytes: 56, after: 2 }, { do: 'write', device: 0, count: 1, bytes: 63, after: 476 },
        { do: 'heal', device: 63, peer: 0, after: 16 }, { do: 'write', device: 21, count: 3, bytes: 24, after: 104 }, { do: 'write', device: 57, count: 50, bytes: 15, after: 1 },
        { do: 'add', device: 0, items: 5, after: 14 }, { do: 'remove', device: 12, item: 31, count: 1, after: 51 }, { do: 'remove', device: 55, item: 56, count: 34, after: 13 },
        { do: 'write', device: 21, count: 3, bytes: 8, after: 11 }, { do: 'remove', device: 44, item: 50, count: 1, after: 395 },
        { do: 'write', device: 37, count: 3, bytes: 6, after: 12 }, { do: 'cut', device: 5, peer: 24, after: 1 }, { do: 'settle', device: 41, accept: true, after: 94_469 },
        { do: 'write', device: 40, count: 2, bytes: 55, after: 851 }, { do: 'write', device: 63, count: 2, bytes: 17, after: 8 },
        { do: 'write', device: 46, count: 46, bytes: 22, after: 0 }, { do: 'healAll', after: 11 }, { do: 'edit', device: 32, item: 23, bytes: 15, after: 97 },
        { do: 'start', device: 0, after: 13 }
      ]
    }
  },
  {
    found: 'housekeeping carried over and dropped the space that was being left, while writes to it were still on their way to a slow disk',
    schedule: {
      ...calm, seed: 1_080_589_916, devices: 3, checkpointEvery: 6, housekeepingMs: 200, windowBytes: 2_000, delayMs: 150, jitterMs: 50,
      steps: [
        { do: 'tamper', device: 52, peer: 54, fault: 'twice', frames: 6, after: 3_270 }, { do: 'clock', device: 51, ms: -10_917_625_390, after: 6 },
        { do: 'write', device: 4, count: 1, bytes: 32, after: 5 }, { do: 'start', device: 8, after: 16 }, { do: 'write', device: 10, count: 3, bytes: 37, after: 13 },
        { do: 'write', device: 39, count: 3, bytes: 23, after: 277 }, { do: 'write', device: 1, count: 2, bytes: 68, after: 4_667 }, { do: 'heal', device: 28, peer: 25, after: 7 },
        { do: 'write', device: 53, count: 26, bytes: 73, after: 17 }, { do: 'slowDisk', device: 38, ms: 300, after: 81 }, { do: 'stop', device: 4, after: 18 },
        { do: 'add', device: 14, items: 3, after: 58 }, { do: 'remove', device: 33, item: 5, count: 1, after: 204 }, { do: 'write', device: 51, count: 2, bytes: 54, after: 147 },
        { do: 'remove', device: 25, item: 43, count: 1, after: 126 }, { do: 'sleep', device: 55, ms: 89_023, awayMs: 2_678_400_000, after: 15 }, { do: 'stop', device: 30, after: 6 },
        { do: 'edit', device: 22, item: 41, bytes: 80, after: 395 }, { do: 'write', device: 43, count: 2, bytes: 33, after: 105 },
        { do: 'edit', device: 15, item: 43, bytes: 11, after: 78_146 }, { do: 'edit', device: 35, item: 33, bytes: 14, after: 14 },
        { do: 'edit', device: 14, item: 48, bytes: 56, after: 82 }
      ]
    }
  },
  {
    found: 'a view had rotted, and of a log with two branches it was the view that was put aside, and not the log',
    schedule: {
      ...calm, seed: 282_313_671, devices: 2, housekeepingMs: 30_000, windowBytes: 2_000, delayMs: 20,
      steps: [
        { do: 'backup', device: 26, after: 10 }, { do: 'cut', device: 58, peer: 16, after: 293 }, { do: 'edit', device: 47, item: 0, bytes: 24, after: 380 },
        { do: 'write', device: 5, count: 3, bytes: 12, after: 116 }, { do: 'write', device: 2, count: 3, bytes: 75, after: 8 }, { do: 'edit', device: 51, item: 46, bytes: 7, after: 88 },
        { do: 'add', device: 26, items: 5, after: 305 }, { do: 'write', device: 51, count: 2, bytes: 73, after: 251 }, { do: 'write', device: 9, count: 3, bytes: 40, after: 320 },
        { do: 'crash', device: 46, kept: 1, midCommit: true, after: 5 }, { do: 'write', device: 56, count: 34, bytes: 72, after: 441 }, { do: 'restore', device: 10, after: 345 },
        { do: 'crash', device: 52, kept: 0, midCommit: false, after: 3_268 }, { do: 'delay', device: 3, peer: 29, ms: 400, after: 208 }, { do: 'rot', device: 4, item: 38, after: 9 },
        { do: 'write', device: 33, count: 45, bytes: 54, after: 8 }, { do: 'write', device: 20, count: 3, bytes: 72, after: 0 }, { do: 'edit', device: 6, item: 60, bytes: 67, after: 19 }
      ]
    }
  },
  {
    found: '(of the oracle) a device ended between having new items on its disk and saying so: their texts were taken for nobody\'s',
    schedule: {
      ...calm, seed: 1_530_722_793, devices: 3, checkpointEvery: 12, housekeepingMs: 30_000, delayMs: 0, jitterMs: 50,
      steps: [
        { do: 'edit', device: 8, item: 2, bytes: 1, after: 2 }, { do: 'edit', device: 58, item: 1, bytes: 2, after: 1 }, { do: 'crash', device: 5, kept: 0.5, midCommit: true, after: 17 },
        { do: 'write', device: 4, count: 2, bytes: 54, after: 4_208 }, { do: 'write', device: 0, count: 54, bytes: 23, after: 2 }, { do: 'crash', device: 59, kept: 0.5, midCommit: false, after: 4 },
        { do: 'backup', device: 63, after: 25 }, { do: 'start', device: 54, after: 356 }, { do: 'edit', device: 60, item: 0, bytes: 27_698, after: 2 },
        { do: 'tamper', device: 5, peer: 7, fault: 'swapped', frames: 3, after: 500 }, { do: 'restore', device: 41, after: 493 }, { do: 'add', device: 40, items: 5, after: 4_992 },
        { do: 'start', device: 3, after: 127 }, { do: 'remove', device: 16, item: 5, count: 45, after: 499 }
      ]
    }
  },
  {
    found: 'a device whose admission had turned out to be void was let in again under its key, and its log began anew while some still held the one before: it was frozen',
    schedule: {
      seed: 274_662_707, devices: 4, checkpointEvery: 512, housekeepingMs: 200, windowBytes: 2_000, delayMs: 0, jitterMs: 50,
      steps: [
        { do: 'stall', after: 159, device: 3, peer: 22 }, { do: 'write', after: 22, device: 36, count: 2, bytes: 17 }, { do: 'fillDisk', after: 23, device: 63, full: true },
        { do: 'write', after: 361, device: 9, count: 2, bytes: 2 }, { do: 'write', after: 18, device: 2, count: 1, bytes: 1 }, { do: 'removeDevice', after: 494, device: 3, peer: 45 },
        { do: 'cut', after: 1, device: 20, peer: 58 }, { do: 'stop', after: 0, device: 60 }, { do: 'sleep', after: 3, device: 0, ms: 114, awayMs: 2_678_400_000 },
        { do: 'add', after: 0, device: 60, items: 2 }, { do: 'write', after: 272, device: 4, count: 2, bytes: 4 }, { do: 'add', after: 4_996, device: 5, items: 5 },
        { do: 'edit', after: 18, device: 56, item: 0, bytes: 4 }, { do: 'write', after: 11, device: 14, count: 2, bytes: 5 }, { do: 'slowDisk', after: 453, device: 60, ms: 30 },
        { do: 'edit', after: 0, device: 2, item: 63, bytes: 6 }, { do: 'edit', after: 16, device: 4, item: 2, bytes: 2 }, { do: 'write', after: 17, device: 4, count: 36, bytes: 71 },
        { do: 'fillDisk', after: 403, device: 2, full: false }, { do: 'write', after: 424, device: 5, count: 2, bytes: 2 }, { do: 'crash', after: 4, device: 5, kept: 0, midCommit: true },
        { do: 'start', after: 18, device: 0 }, { do: 'write', after: 13, device: 1, count: 1, bytes: 75 }, { do: 'edit', after: 492, device: 4, item: 61, bytes: 40 },
        { do: 'write', after: 500, device: 18, count: 2, bytes: 24 }, { do: 'add', after: 3, device: 58, items: 4 }, { do: 'crash', after: 12, device: 60, kept: 0.5, midCommit: true },
        { do: 'remove', after: 34_997, device: 1, item: 58, count: 1 }
      ]
    }
  },
  {
    found: 'a device that fetched its own log waited for ever, because those who had told of it were restored meanwhile and had nothing of it any more (seed 13062)',
    schedule: {
      seed: 964_965_936, devices: 2, checkpointEvery: 3, housekeepingMs: 30_000, windowBytes: 262_144, delayMs: 0, jitterMs: 3,
      steps: [
        { do: 'edit', after: 271, device: 4, item: 20, bytes: 63 }, { do: 'edit', after: 421, device: 62, item: 38, bytes: 73 },
        { do: 'remove', after: 6, device: 23, item: 35, count: 1 }, { do: 'heal', after: 24, device: 51, peer: 13 },
        { do: 'sleep', after: 281, device: 62, ms: 5_466, awayMs: 86_400_000 }, { do: 'remove', after: 13, device: 17, item: 17, count: 1 },
        { do: 'edit', after: 3_305, device: 24, item: 51, bytes: 39 }, { do: 'stall', after: 10, device: 38, peer: 26 },
        { do: 'edit', after: 6, device: 33, item: 27, bytes: 41 }, { do: 'write', after: 14, device: 5, count: 39, bytes: 72 },
        { do: 'edit', after: 147, device: 0, item: 56, bytes: 66 }, { do: 'stall', after: 12, device: 17, peer: 42 },
        { do: 'edit', after: 4, device: 51, item: 17, bytes: 67 }, { do: 'edit', after: 8, device: 45, item: 39, bytes: 39 }, { do: 'start', after: 7, device: 21 },
        { do: 'fillDisk', after: 163, device: 7, full: true }, { do: 'cut', after: 6, device: 51, peer: 59 }, { do: 'slowDisk', after: 159, device: 34, ms: 300 },
        { do: 'edit', after: 4_291, device: 15, item: 0, bytes: 17 }, { do: 'write', after: 12, device: 38, count: 1, bytes: 6 },
        { do: 'write', after: 9, device: 11, count: 2, bytes: 43 }, { do: 'write', after: 11, device: 11, count: 46, bytes: 36 },
        { do: 'edit', after: 10, device: 29, item: 6, bytes: 35 }, { do: 'edit', after: 255, device: 11, item: 41, bytes: 28 },
        { do: 'cut', after: 344, device: 26, peer: 2 }, { do: 'partition', after: 15, mask: 4 }, { do: 'remove', after: 3, device: 1, item: 39, count: 1 },
        { do: 'delay', after: 375, device: 19, peer: 41, ms: 1 }, { do: 'loseTail', after: 236, device: 36, commits: 17 },
        { do: 'write', after: 11, device: 54, count: 3, bytes: 24_274 }, { do: 'rot', after: 3_733, device: 26, item: 60 }, { do: 'start', after: 351, device: 13 },
        { do: 'add', after: 320, device: 36, items: 2 }, { do: 'loseTail', after: 3, device: 25, commits: 14 }
      ]
    }
  },
  {
    found: 'who waits for what a device held that was restored as well, and removed it, waits for ever: a person removes that one, as it is told (what the person did not do, in the simulator)',
    schedule: {
      seed: 92766143, devices: 2, checkpointEvery: 3, housekeepingMs: 30000, windowBytes: 262144, delayMs: 20, jitterMs: 0,
      steps: [
        { do: 'sleep', after: 8, device: 19, ms: 13812, awayMs: 86400000 }, { do: 'write', after: 17, device: 52, count: 3, bytes: 3 }, { do: 'remove', after: 328, device: 34, item: 37, count: 52 },
        { do: 'add', after: 494, device: 22, items: 3 }, { do: 'cut', after: 2182, device: 8, peer: 58 }, { do: 'edit', after: 174, device: 23, item: 8, bytes: 46 },
        { do: 'edit', after: 350, device: 14, item: 23, bytes: 60 }, { do: 'edit', after: 521, device: 30, item: 22, bytes: 23 }, { do: 'loseTail', after: 366, device: 15, commits: 8 },
        { do: 'start', after: 260, device: 13 }, { do: 'edit', after: 39398, device: 3, item: 60, bytes: 1 }, { do: 'backup', after: 17, device: 16 }, { do: 'add', after: 9, device: 36, items: 1 },
        { do: 'write', after: 476, device: 17, count: 3, bytes: 37 }, { do: 'edit', after: 20, device: 48, item: 10, bytes: 11 }, { do: 'removeDevice', after: 7, device: 40, peer: 62 },
        { do: 'edit', after: 15, device: 60, item: 43, bytes: 70 }, { do: 'write', after: 20, device: 38, count: 3, bytes: 69 }, { do: 'restore', after: 4, device: 0 }, { do: 'start', after: 448, device: 8 },
        { do: 'removeDevice', after: 18, device: 61, peer: 56 }
      ]
    }
  },
  {
    found: 'a log with two branches was found only after the person had looked, who looked once (the same)',
    schedule: {
      seed: 1485586470, devices: 3, checkpointEvery: 30, housekeepingMs: 3000, windowBytes: 64000, delayMs: 20, jitterMs: 0,
      steps: [
        { do: 'write', after: 207, device: 0, count: 49, bytes: 52 }, { do: 'cut', after: 435, device: 0, peer: 28 }, { do: 'cut', after: 8, device: 30, peer: 45 },
        { do: 'removeDevice', after: 8, device: 24, peer: 3 }, { do: 'edit', after: 80606, device: 55, item: 15, bytes: 43 }, { do: 'clone', after: 266, device: 62, forMs: 28778 },
        { do: 'write', after: 15, device: 7, count: 1, bytes: 12 }, { do: 'removeDevice', after: 20, device: 38, peer: 12 }, { do: 'stall', after: 9, device: 62, peer: 32 },
        { do: 'edit', after: 61048, device: 45, item: 4, bytes: 34 }, { do: 'break', after: 388, device: 16, peer: 28 }, { do: 'write', after: 147, device: 11, count: 24, bytes: 49 },
        { do: 'sleep', after: 1, device: 10, ms: 24194, awayMs: 0 }, { do: 'stop', after: 16, device: 19 }, { do: 'add', after: 6, device: 26, items: 5 }
      ]
    }
  },
  {
    found: 'an item that a removed device alone had, and whose row on its disk was damaged before it took it along to its new key, was still asked for (a gap of the oracle)',
    schedule: {
      seed: 851031845, devices: 3, checkpointEvery: 12, housekeepingMs: 30000, windowBytes: 262144, delayMs: 150, jitterMs: 0,
      steps: [
        { do: 'backup', after: 139, device: 24 }, { do: 'add', after: 7, device: 0, items: 2 }, { do: 'fillDisk', after: 3963, device: 41, full: true },
        { do: 'write', after: 19, device: 8, count: 36, bytes: 19 }, { do: 'removeDevice', after: 2, device: 0, peer: 51 }, { do: 'slowDisk', after: 132, device: 15, ms: 4 },
        { do: 'delay', after: 12, device: 62, peer: 54, ms: 0 }, { do: 'loseTail', after: 4, device: 22, commits: 20 }, { do: 'restore', after: 17, device: 55 },
        { do: 'edit', after: 7, device: 23, item: 23, bytes: 47 }, { do: 'crash', after: 8, device: 15, kept: 0.5, midCommit: false }, { do: 'rot', after: 0, device: 58, item: 21 }
      ]
    }
  }
]
