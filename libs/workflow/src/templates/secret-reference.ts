import { type Template as LiquidNode, Output, type TagToken, Tokenizer, TokenKind } from 'liquidjs';
import type { FaultPath, LocalFault } from '../fault.ts';
import type { RenderContext } from './render-context.ts';

type OutputToken = Output['token'];
type Markup = OutputToken | TagToken;

/** The only form: what filters and tags made of a value could not be told from what comes back. */
const reference = /^\s*secrets\.([A-Za-z_]\w{0,63})\s*$/;
const texts = /"[^"]*"|'[^']*'/g;
const mention = /(?<![\w.-])secrets(?![\w-])/;

/**
 * Writes a secret's value, or its own markup where the scope has no secrets: what is kept of a render holds none. No expression of a
 * template can read what it reads.
 */
export class SecretOutput implements LiquidNode {
  readonly token: OutputToken;
  readonly secretName: string;

  constructor(token: OutputToken, secretName: string) {
    this.token = token;
    this.secretName = secretName;
  }

  read({ secrets }: { secrets?: ReadonlyMap<string, string> | undefined }): string {
    return secrets?.get(this.secretName) ?? `{{ secrets.${this.secretName} }}`;
  }

  render(context: RenderContext): string {
    return this.read(context);
  }
}

/** A template's nodes with references to secrets in their places. One within a tag stays what it was, a value that is missing. */
export function withSecrets(nodes: readonly LiquidNode[]): LiquidNode[] {
  return nodes.map((node) => {
    if (!(node instanceof Output)) return node;
    const [, name] = reference.exec(contentOf(node.token)) ?? [];
    return name === undefined ? node : new SecretOutput(node.token, name);
  });
}

/** What is wrong with how a valid template mentions secrets. It takes `taken` of them; null where none may stand. */
export function secretFault(text: string, path: FaultPath, taken: number | null): LocalFault | null {
  const markup = new Tokenizer(text).readTopLevelTokens().filter((token) => token.kind !== TokenKind.HTML) as unknown as Markup[];
  const mentions = markup.filter((token) => mention.test(contentOf(token).replace(texts, '')));
  if (mentions.length === (taken ?? 0)) return null;
  if (taken === null) {
    const message = 'Expected {{ secrets.name }} only in headers and body of an http_request, but it stands elsewhere';
    return { path, code: 'secret_not_allowed', message };
  }
  return { path, code: 'invalid_secret', message: 'Expected {{ secrets.name }} by itself, but it has a filter or stands within a tag' };
}

function contentOf({ input, contentRange }: Markup): string {
  return input.slice(...contentRange);
}
