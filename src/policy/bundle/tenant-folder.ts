/** The name of a tenant's own folder. Names of tenants that differ have folders that differ, and none leaves the folder it is in. */
export function tenantFolder(tenant: string): string {
  return tenant.replace(/[/:%]|^\./g, (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`);
}
