import { createBundleIntake } from "./create-bundle-intake.ts";
import type { PolicyFeed } from "./policy-feed.ts";
import type { PushedPlace, SourceDeps } from "./source-deps.ts";

/** What was pushed last, and whatever is pushed from now on. */
export async function openPushed(place: PushedPlace, deps: SourceDeps): Promise<PolicyFeed> {
  const intake = createBundleIntake("pushed", place, deps);

  async function look(): Promise<void> {
    const packed = await deps.state.readPushed();
    if (packed === null) await intake.fail("unreachable", "nothing was pushed yet");
    else await intake.take(packed);
  }

  await look();
  return {
    reload: () => {
      intake.forgetRefused();
      return look();
    },
    close: intake.close,
    // Nobody is asked: a push comes by itself.
    answeredMs: () => null,
    offer: intake.offer,
  };
}
