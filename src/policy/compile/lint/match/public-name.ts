import { parse } from "tldts";

/** Whether the host is a name of the public DNS and no address: any rule may open it, exactly named or not. */
export function isPublicName(host: string): boolean {
  const { isIp, isIcann, isPrivate, domain, publicSuffix } = parse(host, { allowPrivateDomains: true });
  return isIp !== true && (isIcann === true || isPrivate === true) && domain !== null && publicSuffix !== "arpa";
}

/** Whether anybody can have a name under the suffix, so that who is there is nobody in particular. */
export function isPublicSuffix(suffix: string): boolean {
  if (SHARED_DOMAINS.includes(suffix)) return true;
  const { isIcann, isPrivate, publicSuffix } = parse(suffix, { allowPrivateDomains: true });
  return publicSuffix === suffix && (isIcann === true || isPrivate === true);
}

/** No public suffixes themselves, but those of their many customers are below them. */
const SHARED_DOMAINS: readonly string[] = [
  "amazonaws.com",
  "amazonaws.com.cn",
  "aliyuncs.com",
  "azure.com",
  "digitaloceanspaces.com",
  "googleusercontent.com",
  "oraclecloud.com",
  "windows.net",
];
