import type { ApprovalView } from "../../http/approval-view.ts";
import { type AddCommand, example, noun } from "../add-command.ts";
import { approvalLine, describeApproval } from "../describe-approval.ts";
import { addServerOptions, openClient, valueOrEnd } from "../operator-client.ts";
import { parseState } from "../parse-state.ts";

export const addApprovals: AddCommand = (program, world) => {
  const approvals = noun(program, "approvals", "Calls that wait for a person's yes.");
  const show = (one: ApprovalView, json: boolean) => world.write(json ? `${JSON.stringify(one)}\n` : describeApproval(one));

  addServerOptions(approvals.command("list"))
    .description("Lists approvals, newest first.")
    .option("--status <status>", "pending, approved, rejected, expired, consumed or lapsed", parseState)
    .option("--tenant <tenant>", "only this tenant's")
    .addHelpText("after", example("sluice approvals list --status pending"))
    .action(async (options) => {
      const client = await openClient(options, world);
      const page = valueOrEnd(await client.list({ status: options.status ?? null, tenant: options.tenant ?? null }));
      if (options.json === true) world.write(`${JSON.stringify(page)}\n`);
      else world.write(page.approvals.length === 0 ? "Nothing waits.\n" : page.approvals.map(approvalLine).join(""));
    });
  addServerOptions(approvals.command("show <id>"))
    .description("Shows one approval with everything that is known of its call.")
    .addHelpText("after", example("sluice approvals show apr_01J…"))
    .action(async (id, options) => show(valueOrEnd(await (await openClient(options, world)).show(id)), options.json === true));
  for (const verb of ["approve", "reject"] as const) {
    addServerOptions(approvals.command(`${verb} <id>`))
      .description(verb === "approve" ? "Says yes to this call, once." : "Says no; the agent reads the reason.")
      .option("--reason <text>", verb === "approve" ? "why; some rules require it" : "why")
      .addHelpText("after", example(`sluice approvals ${verb} apr_01J… --reason "as agreed"`))
      .action(async (id, options) => {
        const client = await openClient(options, world);
        show(valueOrEnd(await client[verb](id, options.reason ?? null)), options.json === true);
      });
  }
};
