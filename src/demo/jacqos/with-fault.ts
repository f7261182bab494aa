import { type Fault, faults } from './faults.ts';
import { StandInCloud } from './stand-in-cloud.ts';

/** Starts a stand-in cloud with this fault, calls `run`, and then removes it. */
export async function withFault<T>(name: string, run: (cloud: StandInCloud, fault: Fault) => Promise<T>): Promise<T> {
  const fault = faults.get(name);
  if (fault === undefined) throw new RangeError(`no fault called ${name}`);
  const cloud = await StandInCloud.open();
  try {
    await fault.arrange(cloud);
    cloud.program.write();
    return await run(cloud, fault);
  } finally {
    await cloud.close();
  }
}
