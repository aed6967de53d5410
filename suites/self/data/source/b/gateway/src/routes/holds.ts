import { Router } from 'express';
import { Pool } from 'pg';

import { HoldService } from '../holdService';
import { Reason } from '../holds';

export function holdRoutes(pool: Pool): Router {
  const router = Router();

  router.post('/holds/:id', (req, res) => {
    const service = new HoldService();
    service.open(req.params.id, Reason.Confirmation);
    res.status(201).end();
  });

  router.get('/holds', async (req, res) => {
    const found = await pool.query(`
      SELECT id, kind
      FROM flow_interrupts
      WHERE status = 'pending'`);
    const old = await pool.query('SELECT id FROM pending_confirmations WHERE open');
    res.json([...found.rows, ...old.rows]);
  });

  return router;
}
