import { Pool } from 'pg';

export class HoldTable {
  constructor(private pool: Pool) {}

  async pending(): Promise<unknown[]> {
    const found = await this.pool.query(`
      SELECT id, kind
      FROM flow_interrupts
      WHERE status = 'pending'`);
    return found.rows;
  }
}
