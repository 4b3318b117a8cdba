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
  }
]
