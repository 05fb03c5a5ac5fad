import type { Random } from './random.ts';

export interface Lead {
  leadId: string;
  tenantId: string;
  firstName: string;
  lastName: string;
  email: string | null;
  phone: string | null;
  company: string;
  status: 'new' | 'contacted' | 'qualified';
  score: number | null;
  source: string;
  ownerId: string;
  tags: string[];
  employees: number;
}

const firstNames =
  'Ada Aisha Alejandro Amara Ananya Arjun Astrid Beatriz Carlos Chen Chloé Daniel Elif Emeka Fatima Felix Grace Hana Hugo Ingrid Isabella Ivan Jamal Jonas Kaito Katarzyna Kwame Lars Leila Liam Lucía Mateo Mei Mia Nadia Noah Nora Olga Omar Priya Rahel Ravi Rosa Samir Sofia Tariq Thandiwe Viktor Yara Zoë'.split(
    ' ',
  );
const lastNames =
  'Abebe Andersson Bauer Becker Campbell Castillo Chaudhry Costa Dubois Eriksen Farouk Fischer Garcia Hansen Haddad Ibrahim Ito Jansen Kaya Keller Khan Kim Kowalski Kumar Larsen Lopez Mbeki Meyer Moreau Müller Nakamura Ndlovu Nguyen Novak O’Brien Okafor Olsen Park Patel Petrov Reyes Rossi Santos Sato Schneider Silva Singh Tanaka Weber Yilmaz'.split(
    ' ',
  );
const companyHeads =
  'Alder Birch Blue Bright Cedar Copper Delta Ember Falcon Granite Harbor Iron Juniper Lumen Maple North Orchid Pine Quarry River Silver Summit Tidal Vertex Willow'.split(
    ' ',
  );
const companyTails =
  'Analytics,Bakeries,Consulting,Dental,Energy,Foods,Health,Labs,Logistics,Media,Motors,Optics,Robotics,Software,Systems,Textiles'.split(
    ',',
  );
const sources = ['website', 'website', 'website', 'referral', 'trade_show', 'webinar', 'cold_call'] as const;

/** A plausible lead; `number` is unique in the run and makes the address and the telephone number (+1555…) so, too. */
export function createLead(random: Random, tenantId: string, number: number): Lead {
  const firstName = random.pick(firstNames);
  const lastName = random.pick(lastNames);
  const mailbox = `${plain(firstName)}.${plain(lastName)}.${number}`;
  return {
    leadId: `lead-${number}`,
    tenantId,
    firstName,
    lastName,
    email: random.chance(0.04) ? null : `${mailbox}@${tenantId}.example`,
    phone: random.chance(0.06) ? null : `+1555${String(number).padStart(7, '0')}`,
    company: `${random.pick(companyHeads)} ${random.pick(companyTails)}`,
    status: random.chance(0.7) ? 'new' : random.pick(['contacted', 'qualified'] as const),
    score: random.chance(0.05) ? null : random.between(0, 100),
    source: random.pick(sources),
    ownerId: `user-${random.between(1, 25)}`,
    tags: random.chance(0.3) ? [random.pick(['newsletter', 'partner', 'enterprise', 'trial'])] : [],
    employees: random.between(1, 5000),
  };
}

function plain(name: string): string {
  return name
    .normalize('NFD')
    .replace(/[^A-Za-z]/g, '')
    .toLowerCase();
}
