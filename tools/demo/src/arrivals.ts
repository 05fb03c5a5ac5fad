import type { Arrivals } from './accounts.ts';
import type { CrmDesk } from './crm-desk.ts';
import { type Effect, effects } from './crm-effect.ts';
import type { SmsSink } from './sms-sink.ts';
import type { SmtpSink } from './smtp-sink.ts';

/** Each mail of the tenants once; a Message-ID that comes again is a repeat. */
export function mailArrivals(sink: SmtpSink, tenantIds: string[]): Arrivals {
  const tenants = new Set(tenantIds);
  return distinct(
    sink.mails.filter((mail) => tenants.has(mail.tenantId)),
    (mail) => mail.messageId,
    (mail) => mail.recipients.map((recipient) => effects.mail(recipient, mail.subject)),
  );
}

/** Each text once; an idempotency id that comes again is a repeat. The sink is this run's own, so every text counts. */
export function textArrivals(sink: SmsSink): Arrivals {
  return distinct(
    sink.texts,
    (text) => text.idempotencyId,
    (text) => [effects.text(text.to, text.body)],
  );
}

export function crmArrivals(desk: CrmDesk): Arrivals {
  return { effects: desk.effects, repeats: desk.repeats };
}

function distinct<T>(items: readonly T[], idOf: (item: T) => string, effectsOf: (item: T) => Effect[]): Arrivals {
  const seen = new Set<string>();
  const arrivals: Arrivals = { effects: [], repeats: 0 };
  for (const item of items) {
    const id = idOf(item);
    if (id !== '' && seen.has(id)) {
      arrivals.repeats += 1;
      continue;
    }
    seen.add(id);
    arrivals.effects.push(...effectsOf(item));
  }
  return arrivals;
}
