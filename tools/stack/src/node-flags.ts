const flagsByService: Record<string, readonly string[]> = {
  // What is due lives for a second: a young generation that grew with it took 100 MB and saved no time.
  scheduler: ['--max-semi-space-size=8'],
};

/** What Node is given before a service's script, whoever starts it. */
export function nodeFlagsOf(service: string): readonly string[] {
  return flagsByService[service] ?? [];
}
