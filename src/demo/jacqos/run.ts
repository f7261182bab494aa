import { type Fault, faults } from './faults.ts';
import { StandInCloud } from './stand-in-cloud.ts';

/** Opens a world with this fault in it, runs `act`, and removes everything again. */
export async function withFault<T>(name: string, act: (world: StandInCloud, fault: Fault) => Promise<T>): Promise<T> {
  const fault = faults.get(name);
  if (fault === undefined) throw new RangeError(`no fault called ${name}`);
  const world = await StandInCloud.open();
  try {
    await fault.arrange(world);
    world.program.write();
    return await act(world, fault);
  } finally {
    await world.close();
  }
}
